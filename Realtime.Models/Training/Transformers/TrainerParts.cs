using Realtime.Models.Differentiation;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>What a <see cref="NetworkTrainer"/> trains, and with what.</summary>
public sealed record TrainerParts
{
    /// <summary>Holding the initial values; frozen ones stay.</summary>
    public required ParameterSet Parameters { get; init; }

    /// <summary>The windows; true for those of training and validation intervals together.</summary>
    public required Func<bool, IWindowBatches> Windows { get; init; }

    /// <summary>Makes a worker that adds to these gradients.</summary>
    public required Func<GradientSet, ITrainingShard> Shard { get; init; }

    /// <summary>Called whenever values have changed, such as <see cref="PackedParameters.Refresh"/>.</summary>
    public required Action ValuesChanged { get; init; }

    /// <summary>Scores the tensors of a model: higher is better; NaN where nothing can be scored.</summary>
    public required Func<IReadOnlyList<TensorData>, CancellationToken, double> Score { get; init; }

    /// <summary>Names the sessions' content, so that a checkpoint is not taken to other data.</summary>
    public string Sessions { get; init; } = "";

    /// <summary>Instructions the arithmetic runs on; results of another set differ in the last bits.</summary>
    public string Kernels { get; init; } = "";
}
