using Realtime.Engine.Decoding;

namespace Realtime.Models.Mtm.Training;

/// <summary>Behaviour as a linear function of the last states: tensors behaviour_head.weight and .bias of a model file. Immutable.</summary>
public sealed record MtmBehaviourHead
{
    public required IReadOnlyList<OutputChannel> Outputs { get; init; }

    /// <summary>Bins whose states are read.</summary>
    public required int Bins { get; init; }

    /// <summary>[outputs, Bins × HiddenSize], the newest bin's states first.</summary>
    public required float[] Weight { get; init; }

    /// <summary>[outputs].</summary>
    public required float[] Bias { get; init; }

    /// <summary>Of each output, chosen on the validation trials.</summary>
    public required IReadOnlyList<double> Penalties { get; init; }

    /// <summary>Mean over outputs, on the validation trials that also chose penalties and bins; NaN where there were none.</summary>
    public required double ValidationR2 { get; init; }

    /// <summary>Mean of each output in training: what the constant predictor answers.</summary>
    public required IReadOnlyList<double> Means { get; init; }

    /// <summary>Whether it was fitted at the ends of trials only.</summary>
    public required bool OnePerTrial { get; init; }

    /// <summary>The answer at a bin.</summary>
    /// <param name="states">Of a trial, [bins, HiddenSize].</param>
    /// <param name="hiddenSize">Width.</param>
    /// <param name="bin">At least <see cref="Bins"/> - 1.</param>
    /// <param name="answer">[outputs].</param>
    public void Answer(ReadOnlySpan<float> states, int hiddenSize, int bin, Span<float> answer)
    {
        var width = Bins * hiddenSize;
        for (var output = 0; output < Bias.Length; output++)
        {
            double sum = Bias[output];
            for (var back = 0; back < Bins; back++)
            {
                var state = states.Slice((bin - back) * hiddenSize, hiddenSize);
                var weight = Weight.AsSpan(output * width + back * hiddenSize, hiddenSize);
                for (var i = 0; i < hiddenSize; i++) sum += (double)state[i] * weight[i];
            }

            answer[output] = (float)sum;
        }
    }
}
