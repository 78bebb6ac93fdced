using Realtime.Models.Differentiation;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Transformers;

/// <summary>A linear readout of spike counts with gradients made by hand, and dropout drawn from the part's seed.</summary>
internal sealed class LinearShard(ParameterSet parameters, GradientSet gradients) : ITrainingShard<TrainingWindow>
{
    public GradientSet Gradients => gradients;

    public double Run(IReadOnlyList<TrainingWindow> windows, ulong seed, double scale)
    {
        gradients.Clear();
        var (weight, bias) = (parameters["readout.weight"], parameters["readout.bias"]);
        var (weightAt, biasAt) = (parameters.IndexOf(weight), parameters.IndexOf(bias));
        var random = new Random((int)(seed % int.MaxValue));
        double loss = 0;
        foreach (var window in windows)
        {
            var counts = LinearWindows.Counts(window, weight.Width);
            var keep = random.NextDouble() < 0.9 ? 1f : 0f;
            for (var output = 0; output < bias.Width; output++)
            {
                if (float.IsNaN(window.Targets[output])) continue;
                var answer = bias.Value[output];
                for (var unit = 0; unit < counts.Length; unit++) answer += keep * counts[unit] * weight.Value[output * counts.Length + unit];
                var error = answer - window.Targets[output];
                var share = (float)(scale * window.QueryWeights[0] / bias.Width);
                loss += share * error * error;
                if (gradients.Has(biasAt)) gradients[biasAt][output] += 2 * share * error;
                for (var unit = 0; unit < counts.Length && gradients.Has(weightAt); unit++)
                    gradients[weightAt][output * counts.Length + unit] += 2 * share * error * keep * counts[unit];
            }
        }

        return loss;
    }
}
