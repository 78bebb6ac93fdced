using System.Text.Json.Nodes;

namespace Realtime.Models.Training.Transformers;

/// <summary>A training that has ended, in the words that all kinds of network share.</summary>
public sealed record TrainingOutcome
{
    /// <summary>Such as "possm".</summary>
    public required string Kind { get; init; }

    public required IReadOnlyList<TrainedOn> Sessions { get; init; }

    public required TrainerResult Result { get; init; }

    /// <summary>The model file, for the live session; null when there are no weights worth keeping.</summary>
    public required byte[]? Model { get; init; }

    /// <summary>Numbers that learned.</summary>
    public required long Parameters { get; init; }

    /// <summary>As a recipe file says it.</summary>
    public required JsonObject Recipe { get; init; }

    /// <summary>What one sample is, in the plural, such as "windows of 1 s".</summary>
    public required string Samples { get; init; }

    /// <summary>What the validation score is, such as "causal validation R²".</summary>
    public required string Score { get; init; }
}
