using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Mtm;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Mtm.Training;

/// <summary>The trained form against PyTorch's float64 autograd (Goldens/training/make_mtm_goldens.py), whose batches are padded under a mask.</summary>
public sealed class MtmGradientTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "training", "mtm_tiny");

    public static TheoryData<string, string> Runs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kernels in KernelSet.Supported)
                foreach (var run in new[] { "neuron", "causal_strict", "causal_upstream", "causal_back2", "inter", "rotary", "rotary_back2" }) data.Add(run, kernels.Name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Log_rates_loss_and_gradients_are_PyTorchs(string run, string kernelName)
    {
        using var golden = SafetensorsFile.Read(Path.Combine(Folder, "gradients.safetensors"));
        var network = Network(run);
        var trials = Trials(golden, run, network);
        var gradients = new GradientSet(network.Parameters);
        var tape = new Tape(new PackedParameters(network.Parameters, KernelSet.Supported.Single(set => set.Name == kernelName)), gradients);
        tape.Begin(isTraining: false, 0);
        var logRates = network.LogRates(tape, trials);
        Near(LogRates(golden, run), logRates.Value, 2e-5, "log-rates");
        var scale = 1 / trials.Sum(trial => trial.ScoredCount);
        var loss = tape.PoissonLoss(logRates, trials.SelectMany(trial => trial.Counts).ToArray(), trials.SelectMany(trial => trial.Scored).ToArray(), scale);
        tape.Backward();
        Assert.Equal(golden.Doubles($"{run}.loss")[0], loss, 1e-5);
        for (var i = 0; i < network.Parameters.Count; i++)
        {
            var name = $"{run}.grad.{network.Parameters[i].Name}";
            if (golden.Tensors.ContainsKey(name)) Near(golden.Doubles(name), gradients[i], 1e-4, network.Parameters[i].Name);
            else Assert.All(gradients[i].ToArray(), gradient => Assert.Equal(0, gradient));
        }
    }

    [Theory]
    [InlineData("neuron")]
    [InlineData("causal_strict")]
    [InlineData("causal_back2")]
    [InlineData("rotary")]
    [InlineData("rotary_back2")]
    public void It_is_the_plain_network(string run)
    {
        using var golden = SafetensorsFile.Read(Path.Combine(Folder, "gradients.safetensors"));
        var network = Network(run);
        var trials = Trials(golden, run, network);
        var tape = new Tape(new PackedParameters(network.Parameters, KernelSet.Best), new GradientSet(network.Parameters));
        tape.Begin(isTraining: false, 0);
        var actual = network.LogRates(tape, trials).Value.ToArray();
        var session = network.Sessions[trials[0].Session];
        using var file = SafetensorsFile.Read(Path.Combine(Folder, "weights.safetensors"));
        var plain = new MtmNetwork(MtmWeights.Read(new WeightReader(file), network.Config, session.Stitcher, session.Neurons));
        var at = 0;
        foreach (var trial in trials)
        {
            var batch = new MtmBatch(1, trial.Bins, session.Neurons) { Prompt = trial.Prompt, SessionRow = session.Row, Mask = Options(run).Mask(trial.Prompt) };
            trial.Input.CopyTo(batch.Counts, 0);
            foreach (var expected in plain.Forward(batch).LogRates) Assert.Equal(expected, actual[at++], 1e-5f);
        }
    }

    [Fact]
    public void Trials_that_do_not_belong_together_are_refused()
    {
        using var golden = SafetensorsFile.Read(Path.Combine(Folder, "gradients.safetensors"));
        var network = Network("neuron");
        var tape = new Tape(new PackedParameters(network.Parameters, KernelSet.Best), new GradientSet(network.Parameters));
        tape.Begin(isTraining: false, 0);
        var trials = Trials(golden, "neuron", network);
        Assert.Throws<ArgumentException>(() => network.LogRates(tape, [trials[0], trials[1] with { Prompt = MtmPrompt.Causal }]));
        Assert.Throws<ArgumentException>(() => network.LogRates(tape, [trials[0] with { Bins = 8 }]));
        Assert.Throws<ArgumentException>(() => network.LogRates(tape, [trials[0] with { Bins = 10, Input = new float[70] }]));
        Assert.Throws<ArgumentException>(() => Network("rotary").LogRates(tape, [trials[0] with { Bins = 10, Input = new float[70] }]));
    }

    private static MtmConfig Config { get; } = new() { NChannels = 6, Mult = 2, HiddenSize = 8, InterSize = 12, NLayers = 2, NHeads = 2, MaxF = 9, NSessions = 3 };

    private static MtmSession[] Sessions { get; } =
        [new() { Word = "first", Row = 2, Stitcher = "a", Neurons = 7 }, new() { Word = "second", Row = 0, Stitcher = "b", Neurons = 5 }];

    private static MtmTrainable Network(string run) => new(Weights(), run.StartsWith("rotary", StringComparison.Ordinal) ? Config with { Pos = false, UseRope = true } : Config, Sessions, Options(run));

    private static MtmTrainableOptions Options(string run) =>
        new() { Dropout = MtmDropout.None, PrefixSeesBins = run == "causal_upstream", ContextBackward = run.EndsWith("back2", StringComparison.Ordinal) ? 2 : -1 };

    private static WeightReader Weights() => new(SafetensorsFile.Read(Path.Combine(Folder, "weights.safetensors")));

    private static MtmTrial[] Trials(SafetensorsFile golden, string run, MtmTrainable network)
    {
        var session = run is "causal_back2" or "inter" ? 1 : 0;
        var neurons = network.Sessions[session].Neurons;
        var prompt = run is "neuron" or "rotary" ? MtmPrompt.Neuron : run == "inter" ? MtmPrompt.InterRegion : MtmPrompt.Causal;
        var lengths = golden.Longs($"{run}.lengths");
        return [.. lengths.Select((length, trial) => new MtmTrial
        {
            Session = session,
            Prompt = prompt,
            Bins = (int)length,
            Input = Part("shown", trial, length),
            Counts = Part("counts", trial, length),
            Scored = Part("scored", trial, length),
        })];

        float[] Part(string name, int trial, long length) =>
            golden.Floats($"{run}.{name}").AsSpan((int)(trial * lengths.Max() * neurons), (int)length * neurons).ToArray();
    }

    private static double[] LogRates(SafetensorsFile golden, string run)
    {
        var lengths = golden.Longs($"{run}.lengths");
        var all = golden.Doubles($"{run}.log_rates");
        var perTrial = all.Length / lengths.Length;
        return [.. lengths.SelectMany((length, trial) => all.AsSpan(trial * perTrial, (int)(perTrial / lengths.Max() * length)).ToArray())];
    }

    private static void Near(double[] expected, ReadOnlySpan<float> actual, double tolerance, string name)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = Math.Max(expected.Max(Math.Abs), 1e-3);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * largest, $"{name}[{i}]: {actual[i]:g7} against PyTorch's {expected[i]:g7}");
    }
}
