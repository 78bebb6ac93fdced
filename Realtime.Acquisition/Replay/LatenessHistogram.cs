using System.Numerics;

namespace Realtime.Acquisition.Replay;

/// <summary>How late blocks were sent: counts in buckets of at most 1/32 relative width, so that a replay of any length takes the same
/// memory. One thread.</summary>
public sealed class LatenessHistogram
{
    private const int SubBits = 5;
    private const int Sub = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits + 1) * Sub];

    public long Count { get; private set; }

    public long MaxNs { get; private set; }

    /// <summary>Adds one lateness; early counts as 0.</summary>
    public void Add(long ns)
    {
        ns = Math.Max(0, ns);
        _counts[Bucket(ns)]++;
        Count++;
        MaxNs = Math.Max(MaxNs, ns);
    }

    /// <summary>The lateness that this share of the blocks did not exceed (upper edge of its bucket), ns; 0 when there are none.</summary>
    public long PercentileNs(double percent)
    {
        if (Count == 0) return 0;
        var wanted = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted) return Math.Min(MaxNs, UpperEdge(bucket));
        }

        return MaxNs;
    }

    private static int Bucket(long ns)
    {
        if (ns < Sub) return (int)ns;
        var shift = BitOperations.Log2((ulong)ns) - SubBits;
        return (shift + 1) * Sub + (int)(ns >> shift) - Sub;
    }

    private static long UpperEdge(int bucket)
    {
        if (bucket < Sub) return bucket;
        var shift = bucket / Sub - 1;
        return ((long)(bucket % Sub + Sub + 1) << shift) - 1;
    }
}
