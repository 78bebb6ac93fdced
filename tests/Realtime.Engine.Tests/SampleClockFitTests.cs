using Realtime.Engine.Time;

namespace Realtime.Engine.Tests;

public class SampleClockFitTests
{
    private const double Rate = 30_000;
    private const double PeriodNs = 1e9 / Rate;
    private const long StartNs = 5_000_000_000_000;

    /// <summary>Blocks of 300 samples arrive with exponential lateness on a drifting clock; the truth is the arrival without lateness.</summary>
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(40, 0.5)]
    [InlineData(-80, 2)]
    [InlineData(15, 5)]
    public void The_true_line_lies_within_the_stated_band(double driftPpm, double jitterMs)
    {
        var inside = 0;
        var total = 0;
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var fit = New();
            for (var block = 1; block <= 20_000; block++)
            {
                var sample = block * 300L;
                var truth = Truth(sample, driftPpm);
                fit.Observe(sample, truth + (long)(-Math.Log(1 - random.NextDouble()) * jitterMs * 1e6));
                if (!fit.IsSettled || block % 7 != 0) continue;
                total++;
                if (Math.Abs(fit.HostNs(sample + 300) - Truth(sample + 300, driftPpm)) <= fit.UncertaintyNs(sample + 300)) inside++;
            }

            Assert.InRange(fit.DriftPpm, driftPpm - 5 * jitterMs, driftPpm + 5 * jitterMs);
        }

        Assert.True(inside >= 0.999 * total, $"{inside} of {total} inside the band");
    }

    [Fact]
    public void One_stalled_second_does_not_move_the_line()
    {
        var fit = New();
        Feed(fit, 0, 3000, lateNs: 0);
        var before = fit.HostNs(2_000_000);
        Feed(fit, 3000, 3100, lateNs: 200_000_000);
        Feed(fit, 3100, 3200, lateNs: 0);
        Assert.InRange(fit.HostNs(2_000_000) - before, -50_000, 50_000);
        Assert.Equal(0, fit.Regime);
    }

    [Fact]
    public void A_lasting_step_is_followed_once_three_windows_confirm_it()
    {
        var fit = New();
        Feed(fit, 0, 3000, lateNs: 0);
        Feed(fit, 3000, 4000, lateNs: 300_000_000);
        Assert.Equal(1, fit.Regime);
        Assert.InRange(fit.HostNs(4000 * 300) - Truth(4000 * 300, 0) - 300_000_000, -2_000_000, 2_000_000);
    }

    [Fact]
    public void A_restart_forgets_the_old_clock()
    {
        var fit = New();
        Feed(fit, 0, 2000, lateNs: 0);
        fit.Reset();
        Assert.False(fit.HasEstimate);
        fit.Observe(0, StartNs + 900_000_000_000);
        Assert.Equal(StartNs + 900_000_000_000, fit.HostNs(0));
        Assert.False(fit.IsSettled);
        Assert.Equal(1, fit.Regime);
    }

    [Fact]
    public void A_rate_beyond_belief_is_not_called_settled()
    {
        var fit = New();
        for (var block = 1; block <= 5000; block++) fit.Observe(block * 300L, Truth(block * 300L, 500));
        Assert.False(fit.IsSettled);
    }

    [Fact]
    public void Samples_and_host_times_convert_both_ways()
    {
        var fit = New();
        for (var block = 1; block <= 5000; block++) fit.Observe(block * 300L, Truth(block * 300L, 30));
        foreach (var sample in new[] { 0L, 12_345, 1_500_000, 1_600_001 }) Assert.Equal(sample, fit.SampleAt(fit.HostNs(sample)));
    }

    private static SampleClockFit New() => new(new SampleClockFitOptions { NominalRateHz = Rate });

    private static long Truth(long sample, double driftPpm) => StartNs + (long)(sample * PeriodNs * (1 + driftPpm * 1e-6));

    private static void Feed(SampleClockFit fit, int from, int to, long lateNs)
    {
        for (var block = from + 1; block <= to; block++) fit.Observe(block * 300L, Truth(block * 300L, 0) + lateNs);
    }
}
