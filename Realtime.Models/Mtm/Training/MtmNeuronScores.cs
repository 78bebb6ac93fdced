using Realtime.Engine.Numerics;

namespace Realtime.Models.Mtm.Training;

/// <summary>Scores of one predictor on one task, neuron by neuron. NaN where a score is not defined. Immutable.</summary>
public sealed record MtmNeuronScores
{
    // Below this a neuron's score is mostly the luck of its few spikes.
    private const double ManySpikes = 20;

    public required double[] BitsPerSpike { get; init; }

    /// <summary>Of single trials.</summary>
    public required double[] TrialR2 { get; init; }

    /// <summary>Of condition means; all NaN where trials have no conditions or unequal lengths.</summary>
    public required double[] PsthR2 { get; init; }

    /// <summary>Spikes that were scored.</summary>
    public required double[] Spikes { get; init; }

    /// <summary>Mean over neurons with a score: the published figure.</summary>
    public double Mean => Known(BitsPerSpike, _ => true).DefaultIfEmpty(double.NaN).Average();

    public double Median
    {
        get
        {
            var sorted = Known(BitsPerSpike, _ => true).Order().ToArray();
            if (sorted.Length == 0) return double.NaN;
            return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
        }
    }

    /// <summary>Mean over neurons of at least 20 scored spikes.</summary>
    public double MeanOfActive => Known(BitsPerSpike, neuron => Spikes[neuron] >= ManySpikes).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Mean over neurons, each weighing as many as its scored spikes: the bits that an average spike gains.</summary>
    public double SpikeWeightedMean
    {
        get
        {
            double bits = 0, spikes = 0;
            for (var neuron = 0; neuron < BitsPerSpike.Length; neuron++)
            {
                if (!double.IsFinite(BitsPerSpike[neuron])) continue;
                bits += BitsPerSpike[neuron] * Spikes[neuron];
                spikes += Spikes[neuron];
            }

            return spikes > 0 ? bits / spikes : double.NaN;
        }
    }

    public double MeanTrialR2 => Known(TrialR2, _ => true).DefaultIfEmpty(double.NaN).Average();

    public double MeanPsthR2 => Known(PsthR2, _ => true).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Neurons that have a score.</summary>
    public int Neurons => BitsPerSpike.Count(double.IsFinite);

    /// <summary>Scores predictions.</summary>
    /// <param name="trials">What was predicted.</param>
    /// <param name="logRates">Of each trial, [bins, neurons]; NaN where an entry is not scored.</param>
    /// <param name="conditions">Of each trial; null for none.</param>
    public static MtmNeuronScores Of(IReadOnlyList<MtmRecordedTrial> trials, IReadOnlyList<float[]> logRates, IReadOnlyList<int>? conditions = null)
    {
        var neurons = trials.Count == 0 ? 0 : trials[0].Counts.Length / trials[0].Bins;
        var (bits, single, psth, spikes) = (new double[neurons], new double[neurons], new double[neurons], new double[neurons]);
        var (rates, counts) = (new List<double>(), new List<double>());
        for (var neuron = 0; neuron < neurons; neuron++)
        {
            rates.Clear();
            counts.Clear();
            var perTrial = -1;
            var isEven = conditions is not null;
            for (var trial = 0; trial < trials.Count; trial++)
            {
                var before = rates.Count;
                for (var at = neuron; at < trials[trial].Counts.Length; at += neurons)
                {
                    var value = logRates[trial][at];
                    if (float.IsNaN(value)) continue;
                    rates.Add(PortableMath.Exp(value));
                    counts.Add(trials[trial].Counts[at]);
                }

                if (perTrial < 0) perTrial = rates.Count - before;
                isEven &= rates.Count - before == perTrial;
            }

            var (rate, count) = (rates.ToArray(), counts.ToArray());
            spikes[neuron] = count.Sum();
            var bit = PoissonScores.BitsPerSpike(rate, Array.ConvertAll(count, value => (float)value), Enumerable.Repeat(true, count.Length).ToArray(), 1, 0);
            bits[neuron] = double.IsFinite(bit) ? bit : double.NaN;
            single[neuron] = count.Length == 0 ? double.NaN : MtmMetrics.RSquared(rate, count);
            psth[neuron] = isEven && perTrial > 0 ? MtmMetrics.PsthRSquared(rate, count, conditions!.ToArray(), perTrial) : double.NaN;
        }

        return new MtmNeuronScores { BitsPerSpike = bits, TrialR2 = single, PsthR2 = psth, Spikes = spikes };
    }

    private static IEnumerable<double> Known(double[] values, Func<int, bool> which)
    {
        for (var neuron = 0; neuron < values.Length; neuron++)
            if (double.IsFinite(values[neuron]) && which(neuron)) yield return values[neuron];
    }
}
