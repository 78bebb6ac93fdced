using Realtime.Acquisition.Replay;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.Tests.Replay;

public class PacingTests
{
    [Fact]
    public void Waiting_never_ends_early()
    {
        using var wait = new PreciseWait(MonotonicClock.Instance);
        for (var n = 0; n < 20; n++)
        {
            var due = MonotonicClock.Instance.NowNs + n * 200_000L;
            Assert.True(wait.Until(due, CancellationToken.None));
            Assert.True(MonotonicClock.Instance.NowNs >= due);
        }
    }

    [Fact]
    public void Stopping_ends_a_wait_that_would_last_for_ever()
    {
        using var stop = new CancellationTokenSource();
        using var wait = new PreciseWait(MonotonicClock.Instance);
        stop.CancelAfter(20);
        Assert.False(wait.Until(long.MaxValue, stop.Token));
    }

    [Fact]
    public void Percentiles_of_lateness_are_within_a_bucket_of_the_truth()
    {
        var random = new Random(3);
        var histogram = new LatenessHistogram();
        var all = new List<long>();
        for (var n = 0; n < 100_000; n++)
        {
            var ns = (long)Math.Exp(random.NextDouble() * 20);
            histogram.Add(ns);
            all.Add(ns);
        }

        all.Sort();
        foreach (var percent in new[] { 1, 50, 99, 99.9, 100 })
        {
            var truth = all[(int)Math.Ceiling(percent / 100 * all.Count) - 1];
            Assert.InRange(histogram.PercentileNs(percent), truth, truth + truth / 32 + 1);
        }

        Assert.Equal(all[^1], histogram.MaxNs);
        Assert.Equal(0, new LatenessHistogram().PercentileNs(99));
    }

    [Fact]
    public void Early_counts_as_on_time_and_the_longest_lateness_fits()
    {
        var histogram = new LatenessHistogram();
        histogram.Add(-5);
        histogram.Add(long.MaxValue);
        Assert.Equal((2, long.MaxValue, 0), (histogram.Count, histogram.MaxNs, histogram.PercentileNs(50)));
        Assert.Equal(long.MaxValue, histogram.PercentileNs(100));
    }
}
