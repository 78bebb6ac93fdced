using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Mtm.Training;

/// <summary>States and behaviour at the bins where a head is fitted or scored.</summary>
internal sealed class MtmBehaviourSamples
{
    /// <param name="trials">The trials.</param>
    /// <param name="states">Of each, [bins, width].</param>
    /// <param name="width">Width of a state.</param>
    /// <param name="behaviour">Means of the outputs.</param>
    /// <param name="binNs">Length of a bin.</param>
    /// <param name="bins">Bins that are read.</param>
    /// <param name="onePerTrial">Whether only the last bin of each trial counts.</param>
    public MtmBehaviourSamples(
        IReadOnlyList<MtmRecordedTrial> trials, float[][] states, int width, BehaviourMeans behaviour, long binNs, int bins, bool onePerTrial)
    {
        (States, Width, Bins) = (states, width, bins);
        var places = new List<(int Trial, int Bin)>();
        var targets = new List<double[]>();
        for (var trial = 0; trial < trials.Count; trial++)
        {
            for (var bin = onePerTrial ? Math.Max(bins - 1, trials[trial].Bins - 1) : bins - 1; bin < trials[trial].Bins; bin++)
            {
                var mean = new double[behaviour.Count];
                behaviour.Mean(TrainingSet.ToNs(trials[trial].Range.Start) + (bin + 1) * binNs, mean);
                places.Add((trial, bin));
                targets.Add(mean);
            }
        }

        (Places, Targets) = (places, targets);
    }

    public float[][] States { get; }

    public int Width { get; }

    public int Bins { get; }

    public IReadOnlyList<(int Trial, int Bin)> Places { get; }

    /// <summary>Of each place; NaN where unknown.</summary>
    public IReadOnlyList<double[]> Targets { get; }

    /// <summary>States of the last bins, newest first, or their mean.</summary>
    public double[] Features(int place, bool pooled)
    {
        var (trial, bin) = Places[place];
        var features = new double[pooled ? Width : Bins * Width];
        for (var back = 0; back < Bins; back++)
        {
            var state = States[trial].AsSpan((bin - back) * Width, Width);
            for (var i = 0; i < Width; i++)
            {
                if (pooled) features[i] += (double)state[i] / Bins;
                else features[back * Width + i] = state[i];
            }
        }

        return features;
    }
}
