using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Optimization;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>Steps of training on one ready batch, for measuring time: forward, backward, clipping, optimizer, packing. What it learns is of no use. One thread calls.</summary>
public sealed class TrainingLoad : IDisposable
{
    private readonly TrainingRecipe _recipe;
    private readonly IReadOnlyList<TrainingWindow> _windows;
    private readonly PackedParameters _packed;
    private readonly IOptimizer _optimizer;
    private readonly WorkCrew _crew;
    private readonly TrainingStep<TrainingWindow> _step;
    private long _steps;

    /// <param name="recipe">Network, dropout, optimizer.</param>
    /// <param name="units">Units; rows 1 to this of the unit table.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="windows">The batch; session row 1.</param>
    /// <param name="threads">Threads that compute, the caller's included.</param>
    /// <exception cref="ModelFormatException">The recipe's model cannot be.</exception>
    public TrainingLoad(TrainingRecipe recipe, int units, int outputs, IReadOnlyList<TrainingWindow> windows, int threads)
    {
        (_recipe, _windows) = (recipe, windows);
        var network = TransformerNetwork.Create(recipe, units + 1, 2, outputs);
        _packed = new PackedParameters(network.Parameters, KernelSet.Best);
        _optimizer = recipe.Optimizer == OptimizerKind.Lamb ? new Lamb(network.Parameters) : new AdamW(network.Parameters);
        _crew = new WorkCrew(threads);
        _step = new TrainingStep<TrainingWindow>(new TrainerParts<TrainingWindow>
        {
            Parameters = network.Parameters,
            Batches = _ => throw new NotSupportedException(),
            Weight = KnownQueries.Weight,
            Shard = gradients => new TapeShard(network, _packed, gradients, recipe.Loss),
            ValuesChanged = _packed.Refresh,
            Score = (_, _) => double.NaN,
        }, recipe.Seed, _crew);
    }

    /// <summary>One step.</summary>
    /// <returns>The loss before it.</returns>
    public double Step()
    {
        var loss = _step.Run(_windows, TrainerPhase.Fit, _steps++) ?? double.NaN;
        _step.Gradients.Clip(1);
        _optimizer.Step(_step.Gradients, _recipe.LearningRate, 0.9);
        _packed.Refresh();
        return loss;
    }

    public void Dispose() => _crew.Dispose();
}
