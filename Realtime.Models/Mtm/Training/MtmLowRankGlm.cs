using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// The baseline of co-smoothing and inter-region prediction: each neuron's log-rate is its mean by bin plus a linear function of a few principal
/// components of the others' smoothed root counts, within the trial and of the whole trial; Poisson likelihood with a ridge penalty that the
/// validation trials choose. What is to be predicted never enters its own prediction. One caller.
/// </summary>
public static class MtmLowRankGlm
{
    private static readonly (double Width, int Components)[] Features = [(1, 20), (double.PositiveInfinity, 10)];
    private static readonly double[] Penalties = [3000, 1000, 300, 100, 30, 10];

    /// <summary>Log-rates of some trials, [bins, neurons] each.</summary>
    /// <param name="task"><see cref="MtmTask.CoSmoothing"/> or <see cref="MtmTask.InterRegion"/>.</param>
    /// <param name="recording">Fitted on its training trials, penalty chosen on its validation trials.</param>
    /// <param name="trials">To be predicted.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">Another task.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static float[][] Predict(MtmTask task, MtmRecording recording, IReadOnlyList<MtmRecordedTrial> trials, int threads = 1, CancellationToken cancellation = default)
    {
        if (task is not (MtmTask.CoSmoothing or MtmTask.InterRegion)) throw new ArgumentException("The baseline knows co-smoothing and inter-region prediction.", nameof(task));
        MtmRecordedTrial[] all = [.. recording.Train, .. recording.Valid, .. trials];
        var fitted = recording.Train.Count;
        var neurons = recording.Neurons;
        var offset = MtmRateBaseline.Psth(recording);
        var roots = Features.Select(feature => new GlmRoots(all, fitted, neurons, feature.Width)).ToArray();
        var predicted = Penalties.Select(_ => all.Select(trial => Unknown(trial.Counts.Length)).ToArray()).ToArray();
        using var crew = new WorkCrew(threads);
        foreach (var (targets, sources) in Groups())
        {
            var components = roots.Select((root, index) => new GlmComponents(root, fitted, sources, Features[index].Components)).ToArray();
            crew.Run(targets.Length, place =>
            {
                cancellation.ThrowIfCancellationRequested();
                var neuron = targets[place];
                var design = GlmComponents.Design(components, all, neuron, isOwn: task == MtmTask.CoSmoothing);
                var fit = new PoissonRidge(design.Rows, design.Width);
                var (rows, logMean, counts) = (design.RowsOf(fitted), new double[design.Rows.Length / design.Width], new double[design.Rows.Length / design.Width]);
                var row = 0;
                foreach (var trial in all)
                {
                    for (var bin = 0; bin < trial.Bins; bin++, row++)
                        (logMean[row], counts[row]) = (offset.LogRates(trial.Bins)[bin * neurons + neuron], trial.Counts[bin * neurons + neuron]);
                }

                for (var penalty = 0; penalty < Penalties.Length; penalty++)
                {
                    fit.Step(counts, logMean, rows, Penalties[penalty]);
                    row = 0;
                    for (var trial = 0; trial < all.Length; trial++)
                        for (var bin = 0; bin < all[trial].Bins; bin++, row++) predicted[penalty][trial][bin * neurons + neuron] = (float)fit.LogRate(row, logMean[row]);
                }
            });
        }

        var best = 0;
        if (recording.Valid.Count > 0)
        {
            var scores = predicted.Select(rates => MtmNeuronScores.Of(recording.Valid, rates[fitted..(fitted + recording.Valid.Count)]).Mean).ToArray();
            best = Array.IndexOf(scores, scores.Where(double.IsFinite).DefaultIfEmpty(scores[0]).Max());
        }

        return predicted[best][(fitted + recording.Valid.Count)..];

        IEnumerable<(int[] Targets, int[] Sources)> Groups()
        {
            int[] everyone = [.. Enumerable.Range(0, neurons)];
            if (task == MtmTask.CoSmoothing) return [(everyone, everyone)];
            return recording.Regions.Select(region =>
            {
                var inside = recording.RegionNeurons(region).ToArray();
                return (inside, everyone.Except(inside).ToArray());
            });
        }
    }

    private static float[] Unknown(int count)
    {
        var values = new float[count];
        Array.Fill(values, float.NaN);
        return values;
    }
}
