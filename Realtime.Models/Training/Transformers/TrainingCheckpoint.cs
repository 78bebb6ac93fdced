using System.Text.Json.Nodes;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>A training in the middle: what <see cref="TrainingCheckpointFile"/> keeps.</summary>
internal sealed record TrainingCheckpoint
{
    public required JsonObject Recipe { get; init; }

    public required string Sessions { get; init; }

    /// <summary>Hash of the model file that the training began from; empty for none.</summary>
    public string Start { get; init; } = "";

    public required string Kernels { get; init; }

    public required TrainerPosition Position { get; init; }

    /// <summary>By parameter.</summary>
    public required float[][] Weights { get; init; }

    /// <summary>The tensors of a model at the best score, averaged where averages are kept.</summary>
    public IReadOnlyList<TensorData>? Best { get; init; }

    /// <summary>The optimizer's, and the running average's.</summary>
    public IReadOnlyList<TensorData> State { get; init; } = [];
}
