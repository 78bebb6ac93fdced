namespace Realtime.LatencyLab.Transport;

/// <summary>Percentiles of one run, microseconds, with the number of messages they rest on.</summary>
internal sealed record LatencySummary(int Count, int Lost, double P50, double P99, double P999, double Max)
{
    /// <summary>From latencies in ns. The p-th percentile is the smallest value that p of all values do not exceed.</summary>
    public static LatencySummary From(IEnumerable<long> latencies, int sent)
    {
        long[] latenciesNs = [.. latencies];
        var count = latenciesNs.Length;
        var lost = sent - count;
        if (count == 0) return new LatencySummary(0, lost, double.NaN, double.NaN, double.NaN, double.NaN);
        Array.Sort(latenciesNs);
        return new LatencySummary(count, lost, At(0.5), At(0.99), At(0.999), latenciesNs[count - 1] / 1e3);

        double At(double p) => latenciesNs[Math.Clamp((int)Math.Ceiling(p * count) - 1, 0, count - 1)] / 1e3;
    }
}
