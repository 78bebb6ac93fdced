using Realtime.Models.Scores;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Windows;

public sealed class BehaviourMeansTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_moment_in_any_order_gives_the_bits_of_the_live_averager(int seed)
    {
        var random = new Random(seed);
        var values = new Dictionary<(long, int), float>();
        var session = new SmallSession
        {
            Behaviour = [new("x", "cm"), new("direction", "deg"), new("other", "1")],
            HasRow = ms => (ms < 4000 || ms > 6500) && new Random((int)ms + seed).Next(7) == 0,
            Value = (ms, channel) => Draw(ms, channel),
        }.Make(seed);
        var targets = TargetSources.For(["direction", "x"], session.Behaviour);
        const long targetNs = 73_000_000;
        var averager = new TargetAverager(targets, session.SampleRateHz, 0, targetNs, session.BehaviourSamples.Length);
        for (var row = 0; row < session.BehaviourSamples.Length; row++)
        {
            for (var channel = 0; channel < 3; channel++)
                averager.Add(session.BehaviourSamples[row], channel, session.BehaviourValues[row * 3 + channel]);
        }

        var means = new BehaviourMeans(session, targets, targetNs);
        Assert.Equal(3, means.Count);
        var (ours, live) = (new double[3], new double[3]);
        var (unknown, known) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            // Whole ms too, so that samples lie on both borders.
            var at = i % 2 == 0 ? random.NextInt64(-100_000_000, 21_000_000_000) : random.Next(-100, 21_000) * 1_000_000L;
            means.Mean(at, ours);
            averager.Mean(at, live);
            Assert.Equal(live.Select(BitConverter.DoubleToInt64Bits), ours.Select(BitConverter.DoubleToInt64Bits));
            if (double.IsNaN(ours[2])) unknown++;
            else known++;
        }

        Assert.True(unknown > 300 && known > 3000, $"{unknown} unknown, {known} known");

        float Draw(long ms, int channel)
        {
            if (!values.TryGetValue((ms, channel), out var value))
                values[(ms, channel)] = value = random.Next(9) == 0 ? float.NaN : random.NextSingle() * 400;
            return value;
        }
    }
}
