using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>Gain and bias of a layer normalisation, each [width].</summary>
public sealed record LayerNormWeights(float[] Gain, float[] Bias)
{
    public static LayerNormWeights Read(WeightReader weights, string prefix, int width) =>
        new(weights.Floats($"{prefix}.weight", width), weights.Floats($"{prefix}.bias", width));
}
