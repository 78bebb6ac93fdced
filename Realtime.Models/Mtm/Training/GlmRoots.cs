using Realtime.Engine.Numerics;

namespace Realtime.Models.Mtm.Training;

/// <summary>Square roots of counts, smoothed over the bins of their trial, less their mean by bin in training. Immutable.</summary>
internal sealed class GlmRoots
{
    // Keeps neurons that hardly fire from counting as much as others.
    private const double LeastSd = 0.05;

    /// <param name="trials">Those fitted on first.</param>
    /// <param name="fitted">How many of them are fitted on.</param>
    /// <param name="neurons">Neurons.</param>
    /// <param name="width">Standard deviation of the smoothing, bins; infinite for the mean over the trial, one row per trial then.</param>
    public GlmRoots(IReadOnlyList<MtmRecordedTrial> trials, int fitted, int neurons, double width)
    {
        Neurons = neurons;
        IsWhole = double.IsPositiveInfinity(width);
        var longest = trials.Max(trial => trial.Bins);
        var kernel = Enumerable.Range(0, longest).Select(distance => IsWhole ? 1 : PortableMath.Exp(-0.5 * distance * distance / (width * width))).ToArray();
        Rows = [.. trials.Select(trial => Smooth(trial, kernel))];
        var (mean, seen) = (new double[(IsWhole ? 1 : longest) * neurons], new double[IsWhole ? 1 : longest]);
        for (var trial = 0; trial < fitted; trial++)
        {
            for (var i = 0; i < Rows[trial].Length; i++) mean[i] += Rows[trial][i];
            for (var row = 0; row < Rows[trial].Length / neurons; row++) seen[row]++;
        }

        for (var i = 0; i < mean.Length; i++) mean[i] /= Math.Max(1, seen[i / neurons]);
        var square = new double[neurons];
        for (var trial = 0; trial < trials.Count; trial++)
        {
            for (var i = 0; i < Rows[trial].Length; i++)
            {
                Rows[trial][i] -= mean[i];
                if (trial < fitted) square[i % neurons] += Rows[trial][i] * Rows[trial][i];
            }
        }

        Sd = [.. square.Select(sum => Math.Sqrt(sum / seen.Sum()) + LeastSd)];
    }

    public int Neurons { get; }

    /// <summary>Whether there is one row per trial.</summary>
    public bool IsWhole { get; }

    /// <summary>Of each trial, [rows, neurons].</summary>
    public double[][] Rows { get; }

    /// <summary>Of each neuron in training.</summary>
    public double[] Sd { get; }

    private double[] Smooth(MtmRecordedTrial trial, double[] kernel)
    {
        var rows = IsWhole ? 1 : trial.Bins;
        var smooth = new double[rows * Neurons];
        for (var row = 0; row < rows; row++)
        {
            double weights = 0;
            for (var bin = 0; bin < trial.Bins; bin++)
            {
                var weight = kernel[IsWhole ? 0 : Math.Abs(bin - row)];
                weights += weight;
                for (var neuron = 0; neuron < Neurons; neuron++)
                    if (trial.Counts[bin * Neurons + neuron] is var count and not 0) smooth[row * Neurons + neuron] += weight * Math.Sqrt(count);
            }

            for (var neuron = 0; neuron < Neurons; neuron++) smooth[row * Neurons + neuron] /= weights;
        }

        return smooth;
    }
}
