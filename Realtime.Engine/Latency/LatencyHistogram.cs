using System.Numerics;

namespace Realtime.Engine.Latency;

/// <summary>
/// Histogram of durations with a relative error below 1 % from 1 ns to 18 minutes, in fixed memory (about 40 kB).
/// One thread records, without allocation; reading while it records gives a snapshot that may lag by a few counts.
/// </summary>
/// <remarks>Log-linear buckets as in HdrHistogram: 128 per octave.</remarks>
public sealed class LatencyHistogram
{
    private const int BucketBits = 7;
    private const int PerOctave = 1 << BucketBits;
    private const int Octaves = 41 - BucketBits;

    internal const int BucketCount = (Octaves + 1) * PerOctave;

    private readonly long[] _counts = new long[BucketCount];

    internal ReadOnlySpan<long> Counts => _counts;

    public long Count { get; private set; }

    /// <summary>Largest value recorded, exact, ns; 0 when empty.</summary>
    public long MaxNs { get; private set; }

    /// <summary>Smallest value recorded, exact, ns; 0 when empty.</summary>
    public long MinNs { get; private set; }

    /// <summary>Records one duration. Negative ones count as 0; those beyond the range count in the last bucket, with the maximum exact.</summary>
    public void Record(long valueNs)
    {
        valueNs = Math.Max(0, valueNs);
        MinNs = Count == 0 ? valueNs : Math.Min(MinNs, valueNs);
        MaxNs = Math.Max(MaxNs, valueNs);
        Count++;
        _counts[BucketOf(valueNs)]++;
    }

    /// <summary>The smallest duration, ns, that at least that share (0..1) of the values do not exceed; upper edge of its bucket, at most the maximum.</summary>
    public long PercentileNs(double share)
    {
        if (Count == 0) return 0;
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted) return Math.Min(UpperNs(bucket), MaxNs);
        }

        return MaxNs;
    }

    /// <summary>The buckets that hold anything, lowest first.</summary>
    public IEnumerable<(long LowerNs, long UpperNs, long Count)> Buckets()
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            if (_counts[bucket] != 0) yield return (LowerNs(bucket), UpperNs(bucket), _counts[bucket]);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = MaxNs = MinNs = 0;
    }

    private static int BucketOf(long value)
    {
        if (value < PerOctave) return (int)value;
        var octave = BitOperations.Log2((ulong)value) - BucketBits;
        return octave >= Octaves ? BucketCount - 1 : (octave + 1) * PerOctave + (int)(value >> octave) - PerOctave;
    }

    private static long LowerNs(int bucket)
    {
        if (bucket < PerOctave) return bucket;
        var octave = bucket / PerOctave - 1;
        return (long)(PerOctave + bucket % PerOctave) << octave;
    }

    internal static long UpperNs(int bucket) => bucket < PerOctave ? bucket : LowerNs(bucket) + (1L << (bucket / PerOctave - 1)) - 1;
}
