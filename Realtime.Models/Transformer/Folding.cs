using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>Puts what comes before or after a linear map into its weights, in double. Exact in real arithmetic; only rounding changes.</summary>
internal static class Folding
{
    /// <summary>A map behind a layer normalisation: W (g ∘ x + b) + c = (W diag g) x + (W b + c), all times <paramref name="scale"/>.</summary>
    /// <param name="kernels">Packs the result.</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or empty.</param>
    /// <param name="norm">Gain and bias [inputs].</param>
    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="inputs">Columns of the weight.</param>
    /// <param name="scale">Factor of the result.</param>
    public static PackedMatrix Pack(KernelSet kernels, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, LayerNormWeights norm, int outputs, int inputs, double scale = 1)
    {
        var folded = new float[outputs * inputs];
        var constant = new float[outputs];
        for (var output = 0; output < outputs; output++)
        {
            var sum = bias.Length > 0 ? (double)bias[output] : 0;
            for (var input = 0; input < inputs; input++)
            {
                var w = (double)weight[output * inputs + input];
                folded[output * inputs + input] = (float)(w * norm.Gain[input] * scale);
                sum += w * norm.Bias[input];
            }

            constant[output] = (float)(sum * scale);
        }

        return kernels.Pack(folded, outputs, inputs, constant);
    }
}
