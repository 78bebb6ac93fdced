namespace Realtime.Engine.Latency;

/// <summary>Percentiles of what a histogram has gained since the last look, for status lines. One reader; the histogram's writer goes on meanwhile.</summary>
public sealed class HistogramDelta
{
    private readonly long[] _before = new long[LatencyHistogram.BucketCount];

    /// <summary>The percentile (share 0..1) of the values recorded since the last call, ns; 0 when there are none.</summary>
    public long PercentileNs(LatencyHistogram histogram, double share)
    {
        var counts = histogram.Counts;
        long total = 0;
        for (var bucket = 0; bucket < counts.Length; bucket++) total += counts[bucket] - _before[bucket];
        var wanted = Math.Max(1, (long)Math.Ceiling(share * total));
        long seen = 0, result = 0;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            var count = counts[bucket];
            seen += count - _before[bucket];
            _before[bucket] = count;
            if (result == 0 && total > 0 && seen >= wanted) result = LatencyHistogram.UpperNs(bucket);
        }

        return result;
    }
}
