using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>Puts the gain and bias of a layer normalisation into the linear map behind it, in double.</summary>
internal static class NormFolding
{
    /// <summary>W (gain ∘ x + shift) + b = (W gain) x + (b + W shift).</summary>
    /// <param name="norm">[inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or empty for none.</param>
    /// <returns>A map for rows that are normalised without gain and bias.</returns>
    public static (float[] Weight, float[] Bias) Fold(LayerNormWeights norm, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        var inputs = norm.Gain.Length;
        var folded = new float[weight.Length];
        var shifted = new float[weight.Length / inputs];
        for (var output = 0; output < shifted.Length; output++)
        {
            double sum = bias.Length > 0 ? bias[output] : 0;
            for (var input = 0; input < inputs; input++)
            {
                var value = (double)weight[output * inputs + input];
                sum += value * norm.Bias[input];
                folded[output * inputs + input] = (float)(value * norm.Gain[input]);
            }

            shifted[output] = (float)sum;
        }

        return (folded, shifted);
    }
}
