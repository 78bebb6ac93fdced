using Realtime.Engine.Latency;
using Realtime.Host.Reports;

namespace Realtime.Host.Running;

/// <summary>From the engine's histograms (ns) to the report's figures (microseconds).</summary>
public static class HistogramReports
{
    /// <summary>Percentiles, or null when nothing was recorded.</summary>
    public static PercentilesReport? Percentiles(LatencyHistogram histogram) => histogram.Count == 0
        ? null
        : new PercentilesReport
        {
            P50 = histogram.PercentileNs(0.5) * 1e-3,
            P99 = histogram.PercentileNs(0.99) * 1e-3,
            P999 = histogram.PercentileNs(0.999) * 1e-3,
            P9999 = histogram.PercentileNs(0.9999) * 1e-3,
            Max = histogram.MaxNs * 1e-3,
            Count = histogram.Count,
        };

    public static LatencyBucket[] Buckets(LatencyHistogram histogram) =>
        histogram.Buckets().Select(bucket => new LatencyBucket(bucket.LowerNs * 1e-3, (bucket.UpperNs + 1) * 1e-3, bucket.Count)).ToArray();
}
