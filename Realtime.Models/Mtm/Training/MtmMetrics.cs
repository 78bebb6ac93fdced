using Realtime.Engine.Numerics;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// Scores of predicted rates against counts, one neuron at a time, as MtM defines them. Any thread.
/// Source: Pei, Ye et al. 2021 (Neural Latents Benchmark); github.com/colehurwitz/IBL_foundation_model, src/utils/eval_utils.py.
/// </summary>
public static class MtmMetrics
{
    private const double LeastRate = 1e-9;

    /// <summary>
    /// (NLL of the mean - NLL of the rates) / (ln 2 × spikes), Poisson, over the scored entries of one neuron. The mean is the neuron's own
    /// over those very entries: a constant that no decoder can know beforehand, so that slow changes of rate make scores negative.
    /// </summary>
    /// <param name="logRates">z, rate exp(z) spikes per bin.</param>
    /// <param name="counts">Of the same entries.</param>
    /// <returns>Bits per spike; NaN without spikes or where a rate is no number.</returns>
    public static double BitsPerSpike(ReadOnlySpan<double> logRates, ReadOnlySpan<double> counts)
    {
        double spikes = 0, likelihood = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var rate = PortableMath.Exp(logRates[i]);
            if (rate == 0) rate = LeastRate;
            spikes += counts[i];

            // NB: ln y! stands in both likelihoods and cancels.
            likelihood += rate - (counts[i] == 0 ? 0 : counts[i] * PortableMath.Log(rate));
        }

        if (!(spikes > 0)) return double.NaN;
        var constant = spikes - spikes * PortableMath.Log(spikes / counts.Length);
        var bits = (constant - likelihood) / (PortableMath.Log(2) * spikes);
        return double.IsFinite(bits) ? bits : double.NaN;
    }

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
