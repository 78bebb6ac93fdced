using Realtime.Engine.Latency;
using Realtime.Tests;

namespace Realtime.Engine.Tests;

public class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_agree_with_sorted_values_within_one_percent()
    {
        var random = new Random(11);
        var values = Enumerable.Range(0, 200_000).Select(_ => (long)Math.Exp(random.NextDouble() * 25)).ToArray();
        var histogram = new LatencyHistogram();
        foreach (var value in values) histogram.Record(value);
        Array.Sort(values);
        foreach (var share in new[] { 0.0001, 0.5, 0.9, 0.99, 0.999, 0.9999, 1 })
        {
            var exact = values[(int)Math.Max(0, Math.Ceiling(share * values.Length) - 1)];
            Assert.InRange(histogram.PercentileNs(share), exact, exact * 1.01 + 1);
        }

        Assert.Equal(values[^1], histogram.MaxNs);
        Assert.Equal(values[0], histogram.MinNs);
        Assert.Equal(values.Length, histogram.Count);
        Assert.Equal(values.Length, histogram.Buckets().Sum(bucket => bucket.Count));
    }

    [Fact]
    public void Buckets_tile_the_range_without_gap_or_overlap()
    {
        var histogram = new LatencyHistogram();
        for (long value = 0; value < 100_000; value++) histogram.Record(value);
        long next = 0;
        foreach (var (lower, upper, _) in histogram.Buckets())
        {
            Assert.Equal(next, lower);
            next = upper + 1;
        }
    }

    [Fact]
    public void Values_beyond_the_range_count_with_their_exact_maximum()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);
        Assert.Equal(2, histogram.Count);
        Assert.Equal(long.MaxValue, histogram.MaxNs);
        Assert.Equal(0, histogram.PercentileNs(0.5));
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1);
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var i = 0; i < 10_000; i++) histogram.Record(i * 977L);
        }));
    }
}
