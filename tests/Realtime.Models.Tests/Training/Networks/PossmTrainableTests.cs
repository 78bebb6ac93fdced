using Realtime.Models.Kernels;
using Realtime.Models.Possm;
using Realtime.Models.Tests.Possm;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Training.Networks;

/// <summary>POSSM as it is trained computes what the plain form computes.</summary>
public sealed class PossmTrainableTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Predictions_are_those_of_the_plain_form(int seed)
    {
        var random = new Random(seed);
        var config = RandomPossm.Config(random);
        var weights = RandomTrainable.Possm(config, random);
        var length = 0.05 * random.Next(1, 12) + (seed % 2 == 0 ? 0.01 : 0);
        var windows = RandomWindows.Batch(random, length, RandomTrainable.Outputs);
        foreach (var kernels in KernelSet.Supported)
        {
            var predictions = new NetworkRun(new PossmTrainable(weights, kernels: kernels), kernels).Predict(windows);
            float[] expected = [.. windows.SelectMany(window => Plain(weights, kernels, window))];
            Assert.Equal(expected.Length, predictions.Length);
            var largest = expected.Zip(predictions, (a, b) => Math.Abs(a - b)).Max();
            output.WriteLine($"{kernels.Name}: {largest:E1} of {expected.Max(Math.Abs):E1}");
            Assert.True(largest <= 1e-5, $"{config}, {kernels.Name}: {largest}");
        }
    }

    [Fact]
    public void A_query_at_a_chunks_end_reads_the_chunk_that_ends_there()
    {
        var random = new Random(3);
        var config = RandomPossm.Config(random) with { OutputCaCtxLim = 1 };
        var run = new NetworkRun(new PossmTrainable(RandomTrainable.Possm(config, random)));
        var window = RandomWindows.Window(random, 1, [1, 2, 3], session: 1, spikes: 90, queries: 20, RandomTrainable.Outputs);

        // Sums of steps, as a loop over chunks would make them, lie a little beside the ends.
        double sum = 0;
        window = window with { QueryTimes = [.. Enumerable.Range(1, 20).Select(_ => sum += 0.05)] };
        Assert.Contains(window.QueryTimes, time => time > Math.Round(time, 5));
        var ends = run.Predict([window]);
        Assert.Equal(ends, run.Predict([window with { QueryChunks = [.. Enumerable.Range(0, 20)] }]));
        Assert.NotEqual(ends, run.Predict([window with { QueryChunks = [.. Enumerable.Range(0, 20).Select(chunk => Math.Min(chunk + 1, 19))] }]));
    }

    [Fact]
    public void Later_spikes_change_no_earlier_answer()
    {
        var random = new Random(4);
        var config = RandomPossm.Config(random);
        var run = new NetworkRun(new PossmTrainable(RandomTrainable.Possm(config, random)));
        var window = RandomWindows.Window(random, 0.5, [1, 2, 3], session: 1, spikes: 60, queries: 9, RandomTrainable.Outputs) with
        {
            QueryTimes = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5],
        };
        var early = window.SpikeTimes.Count(time => time < 0.25);
        var cut = window with { SpikeTimes = window.SpikeTimes[..early], SpikeUnits = window.SpikeUnits[..early] };
        var (all, some) = (run.Predict([window]), run.Predict([cut]));
        for (var i = 0; i < 5 * RandomTrainable.Outputs; i++) Assert.Equal(all[i], some[i], 1e-5);
        Assert.NotEqual(all[10..], some[10..]);
    }

    [Fact]
    public void The_tensors_of_a_model_come_back_unchanged()
    {
        var config = RandomPossm.Config(new Random(5)) with { Depth = 1, NumRnnLayers = 2 };
        var tensors = PossmRandom.Tensors(config, units: 5, sessions: 2, outputs: 2, seed: 1);
        var back = PossmTrainable.Of(tensors, config).Parameters.ToTensors();
        Assert.Equal(tensors.OrderBy(tensor => tensor.Name).Select(Text), back.OrderBy(tensor => tensor.Name).Select(Text));

        static string Text(TensorData tensor) => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}] {Convert.ToHexString(tensor.Bytes)}";
    }

    [Fact]
    public void Weights_that_are_not_trained_here_are_refused_by_what_is_wrong()
    {
        var random = new Random(6);
        var config = RandomPossm.Config(random);
        var late = RandomPossm.Weights(config, RandomPossm.Tensors(config, random, late: true, unitRows: 9));
        Assert.Contains("velocity", Assert.Throws<ArgumentException>(() => new PossmTrainable(late)).Message, StringComparison.Ordinal);
        var early = RandomTrainable.Possm(config, random) with { DecoderOmega = null };
        Assert.Contains("early revision", Assert.Throws<ArgumentException>(() => new PossmTrainable(early)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_that_does_not_fit_is_refused_by_what_is_wrong()
    {
        var random = new Random(8);
        var run = new NetworkRun(new PossmTrainable(RandomTrainable.Possm(RandomPossm.Config(random), random)));
        var window = RandomWindows.Window(random, 0.2, [1, 2], session: 1, spikes: 4, queries: 2, RandomTrainable.Outputs);
        Refused("cannot be cut", window with { Length = 0.01 });
        Refused("table of units", window with { UnitRows = [9, 9] });
        Refused("table of sessions", window with { SessionRow = -1 });
        Refused("outside its window", window with { QueryTimes = [0.1, 0.21] });
        Refused("outside its window", window with { QueryTimes = [0, 0.1] });
        Refused("chunk 4", window with { QueryChunks = [0, 4] });
        Assert.Contains("0.3 s", Assert.Throws<ArgumentException>(() => run.Predict([window, window with { Length = 0.3 }])).Message, StringComparison.Ordinal);

        void Refused(string what, TrainingWindow wrong) =>
            Assert.Contains(what, Assert.Throws<ArgumentException>(() => run.Predict([wrong])).Message, StringComparison.Ordinal);
    }

    /// <summary>The plain form, its queries put into the chunks that hold or end with them.</summary>
    private static float[] Plain(PossmWeights weights, KernelSet kernels, TrainingWindow window)
    {
        var batch = PossmTokenizer.Tokenize(weights.Config, new PossmSample
        {
            Length = window.Length,
            SpikeRows = [.. window.SpikeUnits.Select(unit => window.UnitRows[unit])],
            SpikeTimes = window.SpikeTimes,
            SessionRow = window.SessionRow,
            Queries = [new PossmQueries(1, window.QueryTimes)],
        });
        for (var query = 0; query < window.QueryTimes.Length; query++)
            batch.QueryChunks[query] = Math.Min((int)Math.Ceiling(window.QueryTimes[query] / weights.Config.BinWidth), batch.Chunks);
        var outputs = new PossmNetwork(weights, kernels).Forward(batch, PossmMask.Strict, [RandomTrainable.Task])[RandomTrainable.Task];
        return outputs[..(window.QueryTimes.Length * RandomTrainable.Outputs)];
    }
}
