using Realtime.Engine.Decoding;
using Realtime.Models.Scores;
using Realtime.Tests;

namespace Realtime.Models.Tests;

public sealed class TargetAveragerTests
{
    private static readonly OutputChannel[] Channels = [new("x", "cm"), new("direction", "deg")];

    [Fact]
    public void The_mean_is_over_the_interval_start_inclusive_end_exclusive()
    {
        var averager = new TargetAverager(TargetSources.For(["x"], Channels), 1000, 100, 10_000_000);
        for (var sample = 100; sample < 140; sample++) averager.Add(sample, 0, sample);
        Assert.Equal((110 + 119) / 2.0, Mean(averager, 20_000_000));
        Assert.Equal((111 + 120) / 2.0, Mean(averager, 20_000_001));
        Assert.Equal((110 + 119) / 2.0, Mean(averager, 19_999_999 + 1));
        Assert.True(double.IsNaN(Mean(averager, 100_000_000)));
    }

    [Fact]
    public void Unknown_samples_are_left_out_and_nothing_known_is_NaN()
    {
        var averager = new TargetAverager(TargetSources.For(["x"], Channels), 1000, 0, 10_000_000);
        averager.Add(1, 0, float.NaN);
        averager.Add(2, 0, float.PositiveInfinity);
        Assert.True(double.IsNaN(Mean(averager, 10_000_000)));
        averager.Add(3, 0, 5);
        averager.Add(4, 1, 77);
        Assert.Equal(5, Mean(averager, 10_000_000));
    }

    [Fact]
    public void Pieces_order_of_channels_and_late_samples_do_not_change_a_bit()
    {
        var random = new Random(4);
        var samples = Enumerable.Range(0, 2000).SelectMany(row => new (long Sample, int Channel, float Value)[]
            { (row * 30L + random.Next(30), 0, random.NextSingle()), (row * 30L, 1, 360 * random.NextSingle()) })
            .DistinctBy(s => (s.Sample, s.Channel)).ToArray();
        var inOrder = Means(samples.OrderBy(s => s.Sample), everyTick: true);
        var byChannel = Means(samples.OrderBy(s => s.Channel).ThenBy(s => s.Sample), everyTick: false);
        var jumbled = Means(samples.OrderBy(s => s.Sample + random.Next(300)), everyTick: false);
        Assert.Equal(inOrder, byChannel);
        Assert.Equal(inOrder, jumbled);

        // Either asks as soon as the samples allow it, as a live run does, or once at the end.
        static List<long> Means(IEnumerable<(long Sample, int Channel, float Value)> samples, bool everyTick)
        {
            var averager = new TargetAverager(TargetSources.For(["x", "direction"], Channels), 30000, 0, 50_000_000);
            var bits = new List<long>();
            var next = 50_000_000L;
            foreach (var (sample, channel, value) in samples)
            {
                averager.Add(sample, channel, value);
                while (everyTick && averager.IsComplete(next)) Ask();
            }

            while (next <= 1_990_000_000L) Ask();
            return bits;

            void Ask()
            {
                var means = new double[averager.Count];
                averager.Mean(next, means);
                if (next <= 1_990_000_000L) bits.AddRange(means.Select(BitConverter.DoubleToInt64Bits));
                next += 20_000_000;
            }
        }
    }

    [Fact]
    public void Memory_is_bounded_and_the_loss_is_counted()
    {
        var averager = new TargetAverager(TargetSources.For(["x"], Channels), 1000, 0, 1_000_000_000, capacity: 8);
        for (var sample = 0; sample < 100; sample++) averager.Add(sample, 0, sample);
        Assert.Equal(92, averager.Overwritten);
        Assert.Equal((92 + 99) / 2.0, Mean(averager, 1_000_000_000));
        averager.Add(3, 0, 1e6f);
        Assert.Equal(93, averager.Overwritten);
        Assert.Equal((92 + 99) / 2.0, Mean(averager, 1_000_000_000));
        averager.Reset();
        Assert.True(double.IsNaN(Mean(averager, 1_000_000_000)));
    }

    [Fact]
    public void Adding_and_asking_allocate_nothing()
    {
        var averager = new TargetAverager(TargetSources.For(["x", "direction"], Channels), 1000, 0, 100_000_000);
        var means = new double[3];
        Run(0);
        var next = 20_000;
        Assert.Equal(0, AllocationGate.LeastBytes(() => Run(next += 20_000)));

        void Run(int from)
        {
            for (var sample = from; sample < from + 20_000; sample++)
            {
                averager.Add(sample, sample % 2, sample);
                if (sample % 50 == 0) averager.Mean(sample * 1_000_000L, means);
            }
        }
    }

    [Fact]
    public void An_angle_is_averaged_as_cosine_and_sine()
    {
        var averager = new TargetAverager(TargetSources.For(["direction"], Channels), 1000, 0, 10_000_000);
        averager.Add(1, 1, 350);
        averager.Add(2, 1, 10);
        var means = new double[2];
        averager.Mean(10_000_000, means);
        Assert.Equal(Math.Cos(Math.PI / 18), means[0], 6);
        Assert.Equal(0, means[1], 6);
    }

    [Fact]
    public void A_mean_is_complete_once_every_channel_has_passed_its_end()
    {
        var averager = new TargetAverager(TargetSources.For(["x", "direction"], Channels), 1000, 0, 10_000_000);
        averager.Add(12, 0, 1);
        Assert.False(averager.IsComplete(10_000_000));
        averager.Add(9, 1, 1);
        Assert.False(averager.IsComplete(10_000_000));
        averager.Add(10, 1, 1);
        Assert.True(averager.IsComplete(10_000_000));
    }

    private static double Mean(TargetAverager averager, long endNs)
    {
        var means = new double[averager.Count];
        averager.Mean(endNs, means);
        return means[0];
    }
}
