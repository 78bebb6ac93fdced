using System.Text.Json.Nodes;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>A training in the middle: what <see cref="TrainingCheckpointFile"/> keeps.</summary>
internal sealed record TrainingCheckpoint
{
    public required JsonObject Recipe { get; init; }

    public required string Sessions { get; init; }

    public required string Kernels { get; init; }

    public required TrainerPosition Position { get; init; }

    /// <summary>By parameter.</summary>
    public required float[][] Weights { get; init; }

    public float[][]? Average { get; init; }

    /// <summary>Of the best score, averaged where averages are kept.</summary>
    public float[][]? Best { get; init; }

    public required IReadOnlyList<TensorData> Optimizer { get; init; }
}
