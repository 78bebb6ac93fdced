using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Mtm.Training;

/// <summary>A training of MtM that has ended, and the model that came of it.</summary>
public sealed record MtmTraining
{
    public required MtmRecipe Recipe { get; init; }

    public required IReadOnlyList<MtmRecording> Recordings { get; init; }

    /// <summary>The recordings as the model knows them, in the same order.</summary>
    public required IReadOnlyList<MtmSession> Sessions { get; init; }

    public required TrainerResult Result { get; init; }

    /// <summary>The live session's behaviour head; null where there is none.</summary>
    public required MtmBehaviourHead? Head { get; init; }

    /// <summary>The model file, for the live session; null when there are no weights worth keeping.</summary>
    public required byte[]? Model { get; init; }

    /// <summary>Numbers that learned.</summary>
    public required long Parameters { get; init; }

    /// <summary>Asks the network that came of it; null when there are no weights.</summary>
    /// <param name="threads">That compute.</param>
    public MtmEvaluator? Evaluator(int threads = 1) => Result.Tensors is { } tensors ? MtmTrainer.Evaluator(tensors, Recipe, Sessions, threads) : null;
}
