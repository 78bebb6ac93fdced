using Realtime.Models.Differentiation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Mtm.Training;

/// <summary>A part of a batch on a tape of its own: the Poisson loss of the scored entries.</summary>
public sealed class MtmShard(MtmTrainable network, PackedParameters parameters, GradientSet gradients, MtmHeadPrior? prior = null) : ITrainingShard<MtmTrial>
{
    private readonly Tape _tape = new(parameters, gradients);

    /// <inheritdoc/>
    public GradientSet Gradients => gradients;

    /// <inheritdoc/>
    public double Run(IReadOnlyList<MtmTrial> samples, ulong seed, double scale)
    {
        gradients.Clear();
        _tape.Begin(isTraining: true, seed);
        var logRates = network.LogRates(_tape, samples);
        var loss = _tape.PoissonLoss(logRates, Join(samples, trial => trial.Counts), Join(samples, trial => trial.Scored), scale);
        _tape.Backward();
        return loss + (prior?.Add(samples, scale, gradients) ?? 0);
    }

    private static float[] Join(IReadOnlyList<MtmTrial> trials, Func<MtmTrial, float[]> part)
    {
        if (trials.Count == 1) return part(trials[0]);
        var all = new float[trials.Sum(trial => part(trial).Length)];
        var at = 0;
        foreach (var trial in trials)
        {
            part(trial).CopyTo(all, at);
            at += part(trial).Length;
        }

        return all;
    }
}
