using Realtime.Engine.Numerics;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// Rates that know the time within the trial at most: each neuron's mean, and its mean by bin, smoothed and drawn towards the mean, as the
/// validation trials like it best. The same log-rates for every trial. Immutable; any thread.
/// </summary>
public sealed class MtmRateBaseline
{
    private static readonly double[] PseudoSpikes = [0.5, 1, 2, 5];
    private static readonly double[] Widths = [0.7, 1.5, 2.5];
    private static readonly double[] PriorTrials = [10, 40, 150, 600];

    private readonly float[] _logRates;
    private readonly int _neurons;

    private MtmRateBaseline(float[] logRates, int neurons) => (_logRates, _neurons) = (logRates, neurons);

    /// <summary>Log-rates of the first bins of a trial, [bins, neurons].</summary>
    public ReadOnlySpan<float> LogRates(int bins) => _logRates.AsSpan(0, bins * _neurons);

    /// <summary>Copies for some trials, NaN where another prediction is not scored.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="like">The other prediction; null for all entries.</param>
    public float[][] Predict(IReadOnlyList<MtmRecordedTrial> trials, IReadOnlyList<float[]>? like = null)
    {
        var result = trials.Select(trial => LogRates(trial.Bins).ToArray()).ToArray();
        if (like is null) return result;
        for (var trial = 0; trial < result.Length; trial++)
            for (var at = 0; at < result[trial].Length; at++)
                if (float.IsNaN(like[trial][at])) result[trial][at] = float.NaN;
        return result;
    }

    /// <summary>Each neuron's mean rate of the training trials.</summary>
    public static MtmRateBaseline Constant(MtmRecording recording) => Best(recording, (bins, trials) => PseudoSpikes.Select(pseudo => Flat(bins, trials, pseudo)));

    /// <summary>Each neuron's mean rate by bin.</summary>
    public static MtmRateBaseline Psth(MtmRecording recording) => Best(recording, (bins, trials) =>
        from pseudo in PseudoSpikes from width in Widths from prior in PriorTrials select ByBin(bins, trials, pseudo, width, prior));

    private static MtmRateBaseline Best(MtmRecording recording, Func<double[][], double[], IEnumerable<float[]>> candidates)
    {
        var (neurons, longest) = (recording.Neurons, recording.Train.Concat(recording.Valid).Concat(recording.Test).Max(trial => trial.Bins));
        var counts = Enumerable.Range(0, longest).Select(_ => new double[neurons]).ToArray();
        var trials = new double[longest];
        foreach (var trial in recording.Train)
        {
            for (var bin = 0; bin < trial.Bins; bin++)
            {
                trials[bin]++;
                for (var neuron = 0; neuron < neurons; neuron++) counts[bin][neuron] += trial.Counts[bin * neurons + neuron];
            }
        }

        MtmRateBaseline? best = null;
        var bestScore = double.NegativeInfinity;
        foreach (var logRates in candidates(counts, trials))
        {
            var candidate = new MtmRateBaseline(logRates, neurons);
            var score = recording.Valid.Count == 0 ? double.NaN : MtmNeuronScores.Of(recording.Valid, candidate.Predict(recording.Valid)).Mean;
            if (best is not null && !(score > bestScore)) continue;
            (best, bestScore) = (candidate, double.IsNaN(score) ? double.NegativeInfinity : score);
        }

        return best!;
    }

    private static float[] Flat(double[][] counts, double[] trials, double pseudo)
    {
        var rates = Means(counts, trials, pseudo);
        return [.. counts.SelectMany(_ => rates.Select(rate => (float)PortableMath.Log(rate)))];
    }

    private static float[] ByBin(double[][] counts, double[] trials, double pseudo, double width, double prior)
    {
        var neurons = counts[0].Length;
        var means = Means(counts, trials, pseudo);
        var result = new float[counts.Length * neurons];
        for (var bin = 0; bin < counts.Length; bin++)
        {
            double weights = 0;
            var spikes = new double[neurons];
            for (var other = 0; other < counts.Length; other++)
            {
                var weight = PortableMath.Exp(-0.5 * (other - bin) * (other - bin) / (width * width));
                weights += weight * trials[other];
                for (var neuron = 0; neuron < neurons; neuron++) spikes[neuron] += weight * counts[other][neuron];
            }

            // As many trials as gave the bin, so that the prior's weight means the same under every width.
            for (var neuron = 0; neuron < neurons; neuron++)
            {
                var mean = weights > 0 ? spikes[neuron] / weights : means[neuron];
                result[bin * neurons + neuron] = (float)PortableMath.Log((mean * trials[bin] + prior * means[neuron]) / (trials[bin] + prior));
            }
        }

        return result;
    }

    private static double[] Means(double[][] counts, double[] trials, double pseudo)
    {
        var bins = trials.Sum();
        return [.. Enumerable.Range(0, counts[0].Length).Select(neuron => (counts.Sum(bin => bin[neuron]) + pseudo) / bins)];
    }
}
