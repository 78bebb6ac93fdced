using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Tests;

namespace Realtime.Models.Tests;

public sealed class DecoderTests
{
    private static readonly Session Data = SyntheticSession.Make();

    public static TheoryData<string> Kinds => ["wiener", "kalman", "bayes"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_allocates_nothing(string kind)
    {
        var decoder = Train(kind).Decoder;
        var (times, units) = Spikes(2000, decoder.Description, new Random(5));
        var values = new float[decoder.Description.Outputs.Count];
        for (var tick = 0; tick < 100; tick++) decoder.Decode(new SpikeWindow(0, decoder.Description.WindowNs, times, units), values);
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var tick = 0; tick < 1000; tick++)
            {
                decoder.Decode(new SpikeWindow(0, decoder.Description.WindowNs, times, units), values);
                if (tick % 100 == 0) decoder.Reset();
            }
        }));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_order_of_simultaneous_spikes_does_not_change_a_bit(string kind)
    {
        var decoder = Train(kind).Decoder;
        var random = new Random(6);
        var (times, units) = Spikes(500, decoder.Description, random);
        for (var i = 0; i < times.Length; i++) times[i] = times[i] / 10_000_000 * 10_000_000;
        var (first, second) = (new float[2], new float[2]);
        decoder.Reset();
        decoder.Decode(new SpikeWindow(0, decoder.Description.WindowNs, times, units), first);
        var shuffled = Enumerable.Range(0, units.Length).OrderBy(i => times[i]).ThenBy(_ => random.Next()).Select(i => units[i]).ToArray();
        Assert.NotEqual(units, shuffled);
        decoder.Reset();
        decoder.Decode(new SpikeWindow(0, decoder.Description.WindowNs, times, shuffled), second);
        Assert.Equal(Bits(first), Bits(second));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_calls_give_the_same_bits_after_a_reset(string kind)
    {
        var decoder = Train(kind).Decoder;
        Assert.Equal(Run(decoder), Run(decoder));

        static List<int> Run(IDecoder decoder)
        {
            decoder.Reset();
            var random = new Random(9);
            var values = new float[2];
            var bits = new List<int>();
            for (var tick = 0; tick < 50; tick++)
            {
                var (times, units) = Spikes(200, decoder.Description, random);
                decoder.Decode(new SpikeWindow(0, decoder.Description.WindowNs, times, units), values);
                bits.AddRange(Bits(values));
            }

            return bits;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Spikes_outside_the_window_and_unknown_units_do_not_count(string kind)
    {
        var decoder = Train(kind).Decoder;
        var window = decoder.Description.WindowNs;
        const long end = 5_000_000_000;
        var (plain, crowded) = (new float[2], new float[2]);
        decoder.Reset();
        decoder.Decode(new SpikeWindow(end - window, end, [end - window, end - 1], [0, 1]), plain);
        decoder.Reset();
        decoder.Decode(new SpikeWindow(end - window, end, [0, end - window - 1, end - window, end - 1, end - 1, end],
            [3, 3, 0, 1, 99, 2]), crowded);
        Assert.Equal(Bits(plain), Bits(crowded));
    }

    [Fact]
    public void Kalman_carries_its_state_and_reset_forgets_it()
    {
        var decoder = Train("kalman").Decoder;
        var window = decoder.Description.WindowNs;
        var (first, second, afterReset) = (new float[2], new float[2], new float[2]);
        decoder.Reset();
        decoder.Decode(new SpikeWindow(0, window, [5, 6, 7], [0, 0, 1]), first);
        decoder.Decode(new SpikeWindow(0, window, [5, 6, 7], [0, 0, 1]), second);
        decoder.Reset();
        decoder.Decode(new SpikeWindow(0, window, [5, 6, 7], [0, 0, 1]), afterReset);
        Assert.NotEqual(first, second);
        Assert.Equal(Bits(first), Bits(afterReset));
    }

    [Fact]
    public void Kalman_stays_finite_over_a_day_of_silence_and_bursts()
    {
        var decoder = Train("kalman").Decoder;
        var window = decoder.Description.WindowNs;
        var values = new float[2];
        var burst = Enumerable.Repeat(window - 1, 2000).ToArray();
        var units = Enumerable.Range(0, 2000).Select(i => i % Data.Units.Count).ToArray();
        for (var tick = 0; tick < 100_000; tick++)
        {
            if (tick % 1000 == 0) decoder.Decode(new SpikeWindow(0, window, burst, units), values);
            else decoder.Decode(new SpikeWindow(0, window, [], []), values);
            Assert.True(float.IsFinite(values[0]) && float.IsFinite(values[1]));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_empty_window_is_answered(string kind)
    {
        var decoder = Train(kind).Decoder;
        var values = new float[] { float.NaN, float.NaN };
        decoder.Decode(new SpikeWindow(0, decoder.Description.WindowNs, [], []), values);
        Assert.All(values, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Bayes_answers_a_direction_within_the_unit_circle()
    {
        var decoder = BayesTrainer.Train(Data, new TrainingOptions { BinMs = 200 }).Decoder;
        var (times, units) = Spikes(60, decoder.Description, new Random(3));
        var values = new float[2];
        decoder.Decode(new SpikeWindow(0, decoder.Description.WindowNs, times, units), values);
        Assert.InRange(Math.Sqrt(values[0] * values[0] + values[1] * values[1]), 1e-6, 1.000001);
    }

    private static TrainedModel Train(string kind) => BaselineTrainer.Train(kind, Data, new TrainingOptions
    {
        BinMs = 50,
        Lags = 4,
        Outputs = ["x", "y"],
        Kalman = new KalmanOptions { LagBins = [0], Derivatives = true },
    });

    private static (long[] Times, int[] Units) Spikes(int count, DecoderDescription description, Random random)
    {
        var times = Enumerable.Range(0, count).Select(_ => random.NextInt64(description.WindowNs)).Order().ToArray();
        return (times, Enumerable.Range(0, count).Select(_ => random.Next(description.Units.Count)).ToArray());
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
