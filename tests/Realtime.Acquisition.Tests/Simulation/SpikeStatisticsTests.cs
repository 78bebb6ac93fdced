using Realtime.Acquisition.Simulation;
using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;

namespace Realtime.Tests.Simulation;

public class SpikeStatisticsTests
{
    private static readonly TimeRange[] Whole = [new TimeRange(0, 1000)];

    [Fact]
    public void A_clockwork_train_has_no_variation()
    {
        var statistics = SpikeStatistics.Of([.. Enumerable.Range(0, 10_000).Select(i => 0.05 + i * 0.1)], Whole);
        Assert.Equal(10, statistics.RateHz, 1e-12);
        Assert.Equal(0, statistics.Cv, 1e-9);
        Assert.Equal(0, statistics.Lv, 1e-9);
        Assert.Equal(0, statistics.LongFano, 1e-9);
        Assert.Equal(0, statistics.BurstIndex);
    }

    [Fact]
    public void A_poisson_train_has_a_variation_of_one()
    {
        var random = new PortableRandom(3, 3);
        var times = new List<double>();
        for (var time = random.Exponential() / 20; time < 1000; time += random.Exponential() / 20) times.Add(time);
        var statistics = SpikeStatistics.Of([.. times], Whole);
        Assert.InRange(statistics.Cv, 0.97, 1.03);
        Assert.InRange(statistics.Lv, 0.97, 1.03);
        Assert.InRange(statistics.ShortFano, 0.94, 1.06);
        Assert.InRange(statistics.LongFano, 0.82, 1.18);
        Assert.InRange(statistics.ShortIsiShare, 0.035, 0.044);
        Assert.InRange(statistics.BurstIndex, 0.105, 0.121);
    }

    [Fact]
    public void Nothing_reaches_across_a_gap_between_segments()
    {
        double[] times = [0.1, 0.2, 0.9, 5.0, 5.1, 9.95];
        TimeRange[] segments = [new TimeRange(0, 1), new TimeRange(9, 10.5)];
        var statistics = SpikeStatistics.Of(times, segments, 0.5, 1);
        Assert.Equal(4, statistics.Spikes);
        Assert.Equal(4 / 2.5, statistics.RateHz, 1e-12);
        // Windows of 0.5 s: 2, 1 | 0, 1, 0; of 1 s: 3 | 1.
        Assert.Equal(0.7 / 0.8, statistics.ShortFano, 1e-12);
        Assert.Equal(2 / 2.0, statistics.LongFano, 1e-12);
        // Intervals 0.1 and 0.7 alone.
        Assert.Equal(Math.Sqrt(0.18) / 0.4, statistics.Cv, 1e-12);
        Assert.Equal(3 * 0.75 * 0.75, statistics.Lv, 1e-12);
    }

    [Fact]
    public void Too_few_spikes_give_no_number()
    {
        var none = SpikeStatistics.Of([], Whole);
        Assert.Equal(0, none.RateHz);
        Assert.True(double.IsNaN(none.Cv) && double.IsNaN(none.Lv) && double.IsNaN(none.LongFano) && double.IsNaN(none.BurstIndex));
        Assert.True(double.IsNaN(SpikeStatistics.Of([1, 2], Whole).Lv));
    }
}
