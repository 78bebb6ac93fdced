namespace Realtime.Models.Training.Transformers;

/// <summary>How far a training has come; with weights and optimizer state, all that it needs to go on. Every random draw follows from it.</summary>
internal sealed record TrainerPosition
{
    public TrainerPhase Phase { get; init; }

    /// <summary>Whole epochs done in this phase.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps done in the present epoch.</summary>
    public int Step { get; init; }

    /// <summary>Steps done in this phase.</summary>
    public long Steps { get; init; }

    /// <summary>Steps of a fit that is not ended early; the schedule's length, in a refit as well.</summary>
    public long StepsAtMost { get; init; }

    /// <summary>Windows seen in all phases.</summary>
    public long Windows { get; init; }

    /// <summary>Sums over the present epoch's steps.</summary>
    public double LossSum { get; init; }

    /// <summary>Of the parts of the loss.</summary>
    public IReadOnlyList<double> LossPartSums { get; init; } = [];

    public double NormSum { get; init; }

    public double LearningRate { get; init; }

    /// <summary>Epoch of the best score, from 1; 0 before the first.</summary>
    public int BestEpoch { get; init; }

    public double BestScore { get; init; } = double.NaN;

    /// <summary>Steps of the fit at the best score, which a refit takes.</summary>
    public long BestSteps { get; init; }

    /// <summary>How the fit ended, once a refit has begun.</summary>
    public TrainerStop FitStop { get; init; }

    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];
}
