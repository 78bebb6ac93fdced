using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>A training of a Neuroformer that has ended, and the model that came of it.</summary>
public sealed record NeuroformerTraining
{
    public required NeuroformerSessions Sessions { get; init; }

    public required TrainerResult Result { get; init; }

    /// <summary>The model file, for the live session; null when there are no weights worth keeping.</summary>
    public required byte[]? Model { get; init; }

    /// <summary>Numbers that learned.</summary>
    public required long Parameters { get; init; }
}
