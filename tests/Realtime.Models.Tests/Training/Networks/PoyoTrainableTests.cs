using Realtime.Models.Kernels;
using Realtime.Models.Poyo;
using Realtime.Models.Tests.Poyo;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Training.Networks;

/// <summary>POYO as it is trained computes what the plain form computes.</summary>
public sealed class PoyoTrainableTests(ITestOutputHelper output)
{
    private static readonly PoyoConfig Odd = new()
    {
        SequenceLength = 1.1,
        LatentStep = 0.1,
        NumLatentsPerStep = 3,
        Dim = 24,
        Depth = 1,
        DimHead = 12,
        CrossHeads = 3,
        SelfHeads = 5,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Predictions_are_those_of_the_plain_form(int seed)
    {
        var random = new Random(seed);
        var config = seed == 1 ? Odd : new PoyoConfig
        {
            SequenceLength = 0.3 + random.NextDouble(),
            LatentStep = 0.1 + 0.2 * random.NextDouble(),
            NumLatentsPerStep = random.Next(1, 6),
            Dim = random.Next(3, 40),
            Depth = random.Next(0, 4),
            DimHead = 4 * random.Next(1, 7),
            CrossHeads = random.Next(1, 4),
            SelfHeads = random.Next(1, 5),
            TMax = 0.5 + random.NextDouble(),
        };
        var weights = RandomPoyo.Weights(config, random, outputs: 3);
        var windows = RandomWindows.Batch(random, config.SequenceLength, outputs: 3);
        foreach (var kernels in KernelSet.Supported)
        {
            var predictions = new NetworkRun(new PoyoTrainable(weights, kernels: kernels), kernels).Predict(windows);
            var plain = new PoyoNetwork(weights, kernels);
            float[] expected = [.. windows.SelectMany(window => plain.Forward(new PoyoTokenizer(config).Tokenize(Sample(window))))];
            Assert.Equal(expected.Length, predictions.Length);
            var largest = expected.Zip(predictions, (a, b) => Math.Abs(a - b)).Max();
            output.WriteLine($"{kernels.Name}: {largest:E1} of {expected.Max(Math.Abs):E1}");
            Assert.True(largest <= 1e-5, $"{config}, {kernels.Name}: {largest}");
        }
    }

    [Fact]
    public void A_window_without_units_is_answered()
    {
        var random = new Random(9);
        var weights = RandomPoyo.Weights(Odd, random);
        TrainingWindow[] windows = [RandomWindows.Window(random, Odd.SequenceLength, [], session: 1, spikes: 0, queries: 2, outputs: 2)];
        var expected = new PoyoNetwork(weights, KernelSet.Best).Forward(new PoyoTokenizer(Odd).Tokenize(Sample(windows[0])));
        var run = new NetworkRun(new PoyoTrainable(weights));
        var predictions = run.Predict(windows);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], predictions[i], 1e-5);
        Assert.True(double.IsFinite(run.Loss(windows)));
    }

    [Fact]
    public void The_tensors_of_a_model_come_back_unchanged()
    {
        var tensors = PoyoRandom.Tensors(Odd, units: 5, sessions: 2, outputs: 2, seed: 1);
        var back = PoyoTrainable.Of(tensors, Odd).Parameters.ToTensors();
        Assert.Equal(tensors.OrderBy(tensor => tensor.Name).Select(Text), back.OrderBy(tensor => tensor.Name).Select(Text));
        var missing = tensors.Where(tensor => tensor.Name != "enc_ffn.0.bias");
        Assert.Contains("enc_ffn.0.bias", Assert.Throws<ModelFormatException>(() => PoyoTrainable.Of(missing, Odd)).Message, StringComparison.Ordinal);

        static string Text(TensorData tensor) => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}] {Convert.ToHexString(tensor.Bytes)}";
    }

    [Fact]
    public void A_window_that_does_not_fit_is_refused_by_what_is_wrong()
    {
        var random = new Random(8);
        var run = new NetworkRun(new PoyoTrainable(RandomPoyo.Weights(Odd, random)));
        var window = RandomWindows.Window(random, Odd.SequenceLength, [1, 2], session: 1, spikes: 4, queries: 2, outputs: 2);
        Refused("sequence_length", window with { Length = 1 });
        Refused("table of units", window with { UnitRows = [1, 9] });
        Refused("table of sessions", window with { SessionRow = 3 });

        void Refused(string what, TrainingWindow wrong) =>
            Assert.Contains(what, Assert.Throws<ArgumentException>(() => run.Predict([wrong])).Message, StringComparison.Ordinal);
    }

    private static PoyoSample Sample(TrainingWindow window) => new()
    {
        UnitRows = window.UnitRows,
        SpikeUnits = window.SpikeUnits,
        SpikeTimes = window.SpikeTimes,
        SessionRow = window.SessionRow,
        QueryTimes = window.QueryTimes,
    };
}
