using System.Numerics;
using Realtime.Engine.Time;

namespace Realtime.Engine.Tests;

public class SampleTimelineTests
{
    [Theory]
    [InlineData(30_000)]
    [InlineData(30_000.25)]
    [InlineData(24_414.0625)]
    [InlineData(1_000)]
    [InlineData(29_999.999_999)]
    public void Data_time_is_the_exact_quotient_rounded_down_and_samples_come_back(double rateHz)
    {
        var timeline = new SampleTimeline(1_000_000, rateHz);
        var random = new Random(3);
        var microHz = new BigInteger(Math.Round(rateHz * 1e6));
        for (var i = 0; i < 2_000; i++)
        {
            var sample = random.NextInt64(-1L << 40, 1L << 40);
            var scaled = (BigInteger)(sample - 1_000_000) * BigInteger.Pow(10, 15);
            var exact = BigInteger.Divide(scaled, microHz);
            if (scaled < 0 && exact * microHz != scaled) exact -= 1;
            Assert.Equal((long)exact, timeline.DataNs(sample));
            Assert.Equal(sample, timeline.SampleAt(timeline.DataNs(sample)));
        }
    }

    [Fact]
    public void Absurd_sample_numbers_do_not_wrap_around()
    {
        var timeline = new SampleTimeline(0, 1000);
        Assert.Equal(long.MaxValue / 2, timeline.DataNs(long.MaxValue / 4));
        Assert.Equal(long.MinValue / 2, timeline.DataNs(long.MinValue / 4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Impossible_rates_are_refused(double rateHz) => Assert.Throws<ArgumentOutOfRangeException>(() => new SampleTimeline(0, rateHz));
}
