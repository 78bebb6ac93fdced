using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>Layer normalisation and the gated feed-forward map: In [8 dim, dim] gives values and gates of 4 dim each, Out [dim, 4 dim].</summary>
public sealed record FeedForwardWeights(LayerNormWeights Norm, float[] In, float[] InBias, float[] Out, float[] OutBias)
{
    /// <summary>Hidden width over model width.</summary>
    public const int Expansion = 4;

    /// <summary>Reads PREFIX.0 (the normalisation) and PREFIX.1.net (the maps).</summary>
    public static FeedForwardWeights Read(WeightReader weights, string prefix, int dim) => new(
        LayerNormWeights.Read(weights, $"{prefix}.0", dim),
        weights.Floats($"{prefix}.1.net.0.weight", 2L * Expansion * dim, dim),
        weights.Floats($"{prefix}.1.net.0.bias", 2L * Expansion * dim),
        weights.Floats($"{prefix}.1.net.3.weight", dim, (long)Expansion * dim),
        weights.Floats($"{prefix}.1.net.3.bias", dim));
}
