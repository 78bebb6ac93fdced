namespace Realtime.Models.Scores;

/// <summary>Scores of a list of predictions against a list of targets, all in float64. NaN where a score is not defined.</summary>
public static class Metrics
{
    /// <summary>1 - Σ(y - ŷ)² / Σ(y - ȳ)², ȳ the mean of these very targets. NaN when the targets do not vary.</summary>
    public static double R2(ReadOnlySpan<double> predictions, ReadOnlySpan<double> targets)
    {
        var mean = Mean(targets);
        double residual = 0, total = 0;
        for (var i = 0; i < targets.Length; i++)
        {
            residual += (targets[i] - predictions[i]) * (targets[i] - predictions[i]);
            total += (targets[i] - mean) * (targets[i] - mean);
        }

        return Varies(targets) ? 1 - residual / total : double.NaN;
    }

    /// <summary>Root of the mean squared error, in the target's unit.</summary>
    public static double Rmse(ReadOnlySpan<double> predictions, ReadOnlySpan<double> targets)
    {
        double sum = 0;
        for (var i = 0; i < targets.Length; i++) sum += (targets[i] - predictions[i]) * (targets[i] - predictions[i]);
        return Math.Sqrt(sum / targets.Length);
    }

    /// <summary>Pearson's correlation. NaN when either side does not vary.</summary>
    public static double Correlation(ReadOnlySpan<double> predictions, ReadOnlySpan<double> targets)
    {
        var (meanP, meanT) = (Mean(predictions), Mean(targets));
        double pp = 0, tt = 0, pt = 0;
        for (var i = 0; i < targets.Length; i++)
        {
            var (p, t) = (predictions[i] - meanP, targets[i] - meanT);
            pp += p * p;
            tt += t * t;
            pt += p * t;
        }

        return Varies(predictions) && Varies(targets) ? pt / Math.Sqrt(pp * tt) : double.NaN;
    }

    /// <summary>Smallest angle between two directions, degrees, 0 to 180; angles in radians.</summary>
    public static double AngleBetweenDegrees(double a, double b) => Math.Abs(Math.IEEERemainder(a - b, 2 * Math.PI)) * (180 / Math.PI);

    /// <summary>Arithmetic mean; NaN of nothing.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    /// <summary>The middle value, or the mean of the two in the middle; NaN of nothing.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        if (values.Length == 0) return double.NaN;
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
    }

    /// <summary>Whether two values differ. NB: a sum of squares about a rounded mean is not exactly zero for values that are all
    /// alike.</summary>
    private static bool Varies(ReadOnlySpan<double> values) => values.Length > 1 && values.ContainsAnyExcept(values[0]);
}
