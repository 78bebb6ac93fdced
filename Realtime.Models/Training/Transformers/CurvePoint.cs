namespace Realtime.Models.Training.Transformers;

/// <summary>One epoch of a training.</summary>
public sealed record CurvePoint
{
    public TrainerPhase Phase { get; init; }

    /// <summary>From 1.</summary>
    public int Epoch { get; init; }

    /// <summary>Mean over the epoch's steps, in normalised units, dropout included.</summary>
    public double Loss { get; init; }

    /// <summary>Of the epoch's last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Mean over the epoch's steps, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Causal mean R² on the validation intervals, mean over sessions; NaN where it was not taken.</summary>
    public double Score { get; init; } = double.NaN;
}
