using Realtime.Models.Differentiation;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>What a <see cref="NetworkTrainer{T}"/> trains, and with what.</summary>
/// <typeparam name="T">What a batch is made of.</typeparam>
public sealed record TrainerParts<T>
{
    /// <summary>Holding the initial values; frozen ones stay.</summary>
    public required ParameterSet Parameters { get; init; }

    /// <summary>The samples; true for those of training and validation intervals together.</summary>
    public required Func<bool, IBatches<T>> Batches { get; init; }

    /// <summary>What the loss of a batch is divided by, such as its number of known targets; a batch of 0 is passed over.</summary>
    public required Func<IReadOnlyList<T>, double> Weight { get; init; }

    /// <summary>Makes a worker that adds to these gradients.</summary>
    public required Func<GradientSet, ITrainingShard<T>> Shard { get; init; }

    /// <summary>Names of the parts that a loss is the sum of; empty where it has none.</summary>
    public IReadOnlyList<string> LossParts { get; init; } = [];

    /// <summary>Called whenever values have changed, such as <see cref="PackedParameters.Refresh"/>.</summary>
    public required Action ValuesChanged { get; init; }

    /// <summary>Which parameters the weight decay pulls at; null for all. AdamW only.</summary>
    public Func<Parameter, bool>? Decays { get; init; }

    /// <summary>Scores the tensors of a model: higher is better; NaN where nothing can be scored.</summary>
    public required Func<IReadOnlyList<TensorData>, CancellationToken, double> Score { get; init; }

    /// <summary>Names the sessions' content, so that a checkpoint is not taken to other data.</summary>
    public string Sessions { get; init; } = "";

    /// <summary>Hash of the model file that the training begins from; empty for none.</summary>
    public string Start { get; init; } = "";

    /// <summary>Instructions the arithmetic runs on; results of another set differ in the last bits.</summary>
    public string Kernels { get; init; } = "";
}
