namespace Realtime.Models;

/// <summary>Whether a model may answer live, and the scores that this rests on: mean causal R² over the outputs, of the decoder as it runs live, on data that
/// none of the compared models had seen. Immutable.</summary>
public sealed record LiveFitness
{
    public required FitnessVerdict Verdict { get; init; }

    /// <summary>Mean causal R² of this model; null where no output varied.</summary>
    public double? Score { get; init; }

    /// <summary>The same for <see cref="Baseline"/>, fitted to the same data.</summary>
    public double? BaselineScore { get; init; }

    /// <summary>What it was compared with, such as "wiener"; null where nothing could be fitted.</summary>
    public string? Baseline { get; init; }

    /// <summary>Name of the session that was scored.</summary>
    public required string Session { get; init; }

    /// <summary>Intervals that were scored, seconds of session time, [start, end] each.</summary>
    public required IReadOnlyList<double[]> HeldOut { get; init; }

    /// <summary>Minutes of data that the model was fitted or calibrated on.</summary>
    public double Minutes { get; init; }

    /// <summary>Judges by the scores: fit is a model that beats its baseline and the mean of the behaviour.</summary>
    /// <param name="score">Of the model.</param>
    /// <param name="baseline">Of the baseline; null or NaN where none could be fitted, which leaves the mean of the behaviour to beat.</param>
    /// <param name="force">Whether the user wants the model whatever the scores say.</param>
    public static FitnessVerdict Judge(double? score, double? baseline, bool force)
    {
        var fit = score > 0 && !(baseline >= score);
        return fit ? FitnessVerdict.Fit : force ? FitnessVerdict.Forced : FitnessVerdict.Unfit;
    }
}
