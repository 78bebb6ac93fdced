using Realtime.Models.Differentiation;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Training.Transformers;

/// <summary>A trainer of a linear readout, small enough for thousands of steps in a test.</summary>
internal static class LinearTraining
{
    private const int Units = 6;

    public static TrainingRecipe Recipe { get; } = new()
    {
        Epochs = 6,
        BatchWindows = 10,
        Optimizer = OptimizerKind.Adamw,
        LearningRate = 0.05,
        WeightDecay = 0,
        Schedule = new OneCycleRecipe { WarmUp = 0.3, DivFactor = 10, FinalDivFactor = 100, CycleBeta1 = true },
        Seed = 7,
    };

    public static TrainerParts<TrainingWindow> Parts(Func<IReadOnlyList<TensorData>, CancellationToken, double>? score = null, bool frozenWeight = false)
    {
        var parameters = new ParameterSet(
        [
            new Parameter("readout.weight", ParameterKind.Dense, new float[2 * Units], 2, Units) { IsFrozen = frozenWeight },
            new Parameter("readout.bias", ParameterKind.Dense, [0.5f, -0.5f], 2),
        ], [TensorData.Of("rotary_emb.omega", [1f, 2f], 2)]);
        return new TrainerParts<TrainingWindow>
        {
            Parameters = parameters,
            Batches = withValid => new LinearWindows(Units, withValid ? 6 : 5, 10, withValid ? 2UL : 1UL),
            Weight = windows => windows.Sum(window => window.Targets.Any(float.IsFinite) ? 1 : 0),
            Shard = gradients => new LinearShard(parameters, gradients),
            ValuesChanged = () => { },
            Score = score ?? ((tensors, _) => Score(tensors)),
            Sessions = "a",
            Kernels = "none",
        };
    }

    public static TrainerResult Run(TrainingRecipe recipe, TrainerOptions? options = null, TrainerParts<TrainingWindow>? parts = null, CancellationToken cancellation = default) =>
        new NetworkTrainer<TrainingWindow>(parts ?? Parts(), recipe, options ?? new TrainerOptions()).Run(cancellation);

    /// <summary>R² of the first output on windows of its own.</summary>
    public static double Score(IReadOnlyList<TensorData> tensors)
    {
        var weight = Floats(tensors, "readout.weight");
        var bias = Floats(tensors, "readout.bias");
        var windows = new LinearWindows(Units, 1, 200, 99).Batch(0, 0);
        var targets = windows.Select(window => (double)window.Targets[0]).ToArray();
        var answers = windows.Select(window => bias[0] + LinearWindows.Counts(window, Units).Select((count, unit) => (double)count * weight[unit]).Sum()).ToArray();
        return Scores.Metrics.R2(answers, targets);
    }

    public static float[] Floats(IReadOnlyList<TensorData> tensors, string name) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensors.Single(tensor => tensor.Name == name).Bytes).ToArray();

    /// <summary>Everything that a resumed run must have in common with an unbroken one.</summary>
    public static void AssertSame(TrainerResult expected, TrainerResult actual)
    {
        Assert.Equal(expected.Stop, actual.Stop);
        Assert.Equal(expected.Curve, actual.Curve);
        Assert.Equal((expected.BestEpoch, expected.BestScore, expected.Windows, expected.IsRefitted), (actual.BestEpoch, actual.BestScore, actual.Windows, actual.IsRefitted));
        Assert.Equal(expected.Tensors is null, actual.Tensors is null);
        foreach (var (one, other) in (expected.Tensors ?? []).Zip(actual.Tensors ?? []))
        {
            Assert.Equal(one.Name, other.Name);
            Assert.Equal(one.Bytes, other.Bytes);
        }
    }
}
