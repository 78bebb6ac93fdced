using Realtime.Models.Kernels;
using Realtime.Models.Possm;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Possm;

/// <summary>The live form against the plain form.</summary>
public sealed class PossmStreamTests(ITestOutputHelper output)
{
    private const int Units = 7;
    private const long ChunkNs = 50_000_000;

    public static TheoryData<string> KernelNames => [.. KernelSet.Supported.Select(kernels => kernels.Name)];

    [Theory]
    [MemberData(nameof(KernelNames))]
    public void Live_is_plain_on_random_streams(string kernelName)
    {
        var kernels = KernelSet.Supported.Single(set => set.Name == kernelName);
        for (var seed = 1; seed <= 12; seed++)
        {
            var random = new Random(seed);
            var config = RandomPossm.Config(random) with { SequenceLength = 160 * 0.05 };
            var weights = RandomPossm.Weights(config, RandomPossm.Tensors(config, random, late: seed % 2 == 0, Units + 1));
            var stream = new SpikeStream(random, 160, ChunkNs, Units);

            // Strict, blanks up to a number that bursts exceed, and as many as the fullest chunk has.
            var visible = (seed % 3) switch { 0 => 0, 1 => 12, _ => Enumerable.Range(0, stream.Chunks).Max(stream.Count) };
            var task = random.Next(2);
            var lag = random.Next(3) == 0 ? 0 : random.NextDouble() * 0.049;
            var worst = LargestDifference(weights, stream, task, lag, visible, kernels);
            output.WriteLine($"{seed}: {worst:E2}");
            Assert.True(worst <= 1e-4, $"seed {seed}, {kernelName}: {worst}; {config}");
        }
    }

    [Fact]
    public void Live_is_plain_at_the_size_of_the_large_model()
    {
        var random = new Random(5);
        var config = PossmConfig.Large with { SequenceLength = 24 * 0.05 };
        var weights = RandomPossm.Weights(config, RandomPossm.Tensors(config, random, late: false, Units + 1));
        Assert.InRange(LargestDifference(weights, new SpikeStream(random, 24, ChunkNs, Units), 0, 0, 0, KernelSet.Best), 0, 1e-4);
    }

    [Fact]
    public void Each_part_of_the_settings_counts()
    {
        var random = new Random(3);
        var config = RandomPossm.Config(random) with { OutputCaCtxLim = 3 };
        var weights = RandomPossm.Weights(config, RandomPossm.Tensors(config, random, late: false, Units + 1));
        var stream = new SpikeStream(random, 20, ChunkNs, Units);
        var plain = Options(0, 0, 0);
        var reference = Answers(weights, stream, plain, KernelSet.Best);
        foreach (var other in new[]
        {
            plain with { VisibleTokens = 30 },
            plain with { QueryLag = 0.01 },
            plain with { SessionRow = 1 },
            plain with { TaskId = 2 },
            plain with { MaxSpikes = 3 },
            plain with { UnitRows = [.. plain.UnitRows.Reverse()] },
        })
        {
            var answers = Answers(weights, stream, other, KernelSet.Best);
            Assert.True(answers.Zip(reference, (a, b) => Math.Abs(a - b)).Max() > 1e-3, other.ToString());
        }
    }

    /// <summary>Over all chunks, between the live form and the plain form over the whole stream at once.</summary>
    private static double LargestDifference(PossmWeights weights, SpikeStream stream, int task, double lag, int visible, KernelSet kernels)
    {
        var options = Options(task, lag, visible);
        var live = Answers(weights, stream, options, kernels);
        var batch = PossmTokenizer.Tokenize(weights.Config, new PossmSample
        {
            Length = stream.Chunks * weights.Config.BinWidth,
            SpikeTimes = [.. stream.Times.Select(time => time / 1e9)],
            SpikeRows = [.. stream.Units.Select(unit => unit + 1)],
            SessionRow = options.SessionRow,
            Queries = [new PossmQueries(options.TaskId, [.. Enumerable.Range(1, stream.Chunks).Select(chunk => chunk * weights.Config.BinWidth - lag)])],
        });
        Assert.Equal(stream.Chunks, batch.ChunkCounts[0]);
        for (var chunk = 0; chunk < stream.Chunks; chunk++)
        {
            batch.QueryChunks[chunk] = chunk + 1;
            if (visible == 0) continue;
            var places = batch.InputMask.AsSpan(chunk * batch.Tokens, batch.Tokens);
            places.Clear();
            places[..Math.Max(visible, stream.Count(chunk))].Fill(true);
        }

        var mask = visible == 0 ? PossmMask.Strict : PossmMask.AsRun;
        var plain = new PossmNetwork(weights, kernels).Forward(batch, mask, RandomPossm.Tasks)[options.Task];
        return live.Select((value, i) => (double)Math.Abs(value - plain[i])).Max();
    }

    private static PossmStreamOptions Options(int task, double lag, int visible) => new()
    {
        UnitRows = [.. Enumerable.Range(1, Units)],
        SessionRow = 2,
        Task = RandomPossm.Tasks[task],
        TaskId = task + 1,
        QueryLag = lag,
        VisibleTokens = visible,
    };

    private static float[] Answers(PossmWeights weights, SpikeStream stream, PossmStreamOptions options, KernelSet kernels)
    {
        var live = new PossmStream(weights, stream.ChunkNs, options, kernels);
        var outputs = weights.Readouts[options.Task].Outputs;
        var answers = new float[stream.Chunks * outputs];
        for (var chunk = 0; chunk < stream.Chunks; chunk++) live.Step(stream.Window(chunk), answers.AsSpan(chunk * outputs, outputs));
        return answers;
    }
}
