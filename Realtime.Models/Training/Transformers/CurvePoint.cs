namespace Realtime.Models.Training.Transformers;

/// <summary>One epoch of a training.</summary>
public sealed record CurvePoint
{
    public TrainerPhase Phase { get; init; }

    /// <summary>From 1.</summary>
    public int Epoch { get; init; }

    /// <summary>Mean over the epoch's steps, in normalised units, dropout included.</summary>
    public double Loss { get; init; }

    /// <summary>The parts that the loss is the sum of, by name, weighted; empty where it has none.</summary>
    public IReadOnlyDictionary<string, double> LossParts { get; init; } = new Dictionary<string, double>();

    /// <summary>Of the epoch's last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Mean over the epoch's steps, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Causal mean R² on the validation intervals, mean over sessions; NaN where it was not taken.</summary>
    public double Score { get; init; } = double.NaN;

    private (TrainerPhase Phase, int Epoch, double Loss, double LearningRate, double GradientNorm, double Score) Numbers => (Phase, Epoch, Loss, LearningRate, GradientNorm, Score);

    /// <summary>Whether all numbers are the same, those of the loss's parts too.</summary>
    public bool Equals(CurvePoint? other) => other is not null && Numbers.Equals(other.Numbers) && LossParts.SequenceEqual(other.LossParts);

    public override int GetHashCode() => Numbers.GetHashCode();
}
