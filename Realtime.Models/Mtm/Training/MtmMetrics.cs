namespace Realtime.Models.Mtm.Training;

/// <summary>
/// Explained variance of predicted rates, one neuron at a time, as MtM defines it; bits per spike are in <see cref="PoissonScores"/>. Any thread.
/// Source: github.com/colehurwitz/IBL_foundation_model, src/utils/eval_utils.py.
/// </summary>
public static class MtmMetrics
{
    /// <summary>1 - SSE / SST, unclipped; NaN where the target does not vary.</summary>
    /// <param name="predicted">Rates, not their logs.</param>
    /// <param name="target">Counts or their means.</param>
    public static double RSquared(ReadOnlySpan<double> predicted, ReadOnlySpan<double> target)
    {
        double mean = 0, left = 0, total = 0;
        foreach (var value in target) mean += value;
        mean /= target.Length;
        for (var i = 0; i < target.Length; i++)
        {
            left += (target[i] - predicted[i]) * (target[i] - predicted[i]);
            total += (target[i] - mean) * (target[i] - mean);
        }

        return total > 0 ? 1 - left / total : double.NaN;
    }

    /// <summary>
    /// <see cref="RSquared"/> of the means over the trials of each condition, all conditions and bins of one neuron together.
    /// </summary>
    /// <param name="predicted">Rates, trial by trial.</param>
    /// <param name="target">Counts, trial by trial.</param>
    /// <param name="conditions">Of each trial, from 0.</param>
    /// <param name="bins">Of every trial.</param>
    public static double PsthRSquared(ReadOnlySpan<double> predicted, ReadOnlySpan<double> target, ReadOnlySpan<int> conditions, int bins)
    {
        var most = 0;
        foreach (var condition in conditions) most = Math.Max(most, condition + 1);
        var trials = new int[most];
        var (predictedSum, targetSum) = (new double[most * bins], new double[most * bins]);
        for (var trial = 0; trial < conditions.Length; trial++)
        {
            trials[conditions[trial]]++;
            for (var bin = 0; bin < bins; bin++)
            {
                predictedSum[conditions[trial] * bins + bin] += predicted[trial * bins + bin];
                targetSum[conditions[trial] * bins + bin] += target[trial * bins + bin];
            }
        }

        for (var i = 0; i < targetSum.Length; i++)
        {
            predictedSum[i] /= Math.Max(1, trials[i / bins]);
            targetSum[i] /= Math.Max(1, trials[i / bins]);
        }

        return RSquared(predictedSum, targetSum);
    }
}
