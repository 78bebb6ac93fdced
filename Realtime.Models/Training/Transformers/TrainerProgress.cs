namespace Realtime.Models.Training.Transformers;

/// <summary>How far a training is, told after each step and each scoring.</summary>
public readonly record struct TrainerProgress
{
    public TrainerPhase Phase { get; init; }

    /// <summary>From 1.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps done in this phase, and steps it has at most.</summary>
    public long Steps { get; init; }

    /// <inheritdoc cref="Steps"/>
    public long StepsAtMost { get; init; }

    /// <summary>Windows seen in all phases.</summary>
    public long Windows { get; init; }

    /// <summary>Mean over the present epoch so far.</summary>
    public double Loss { get; init; }

    public double LearningRate { get; init; }

    /// <summary>Whether the weights are being scored at this moment.</summary>
    public bool IsScoring { get; init; }

    /// <summary>Whether an epoch has just ended.</summary>
    public bool EpochEnded { get; init; }

    /// <summary>The latest causal validation score; NaN before the first.</summary>
    public double Score { get; init; }

    public double BestScore { get; init; }

    /// <summary>From 1; 0 before the first scoring.</summary>
    public int BestEpoch { get; init; }
}
