using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>One block: queries are normalised, keys and values are not, and the block's result is normalised.</summary>
public sealed record NeuroformerBlockWeights(
    LayerNormWeights Norm1, AttentionMaps Attention, LayerNormWeights Norm2, GeluFeedForwardWeights FeedForward, LayerNormWeights NormOut)
{
    /// <summary>Hidden width over model width.</summary>
    public const int Expansion = 4;

    public static NeuroformerBlockWeights Read(WeightReader weights, string prefix, NeuroformerConfig config) => new(
        LayerNormWeights.Read(weights, $"{prefix}.ln1", config.NEmbd),
        AttentionMaps.Read(weights, $"{prefix}.attn", "proj", config.NEmbd, config.NHead),
        LayerNormWeights.Read(weights, $"{prefix}.ln2", config.NEmbd),
        new(LinearWeights.Read(weights, $"{prefix}.mlp.0", Expansion * config.NEmbd, config.NEmbd),
            LinearWeights.Read(weights, $"{prefix}.mlp.2", config.NEmbd, Expansion * config.NEmbd)),
        LayerNormWeights.Read(weights, $"{prefix}.ln_f", config.NEmbd));

    /// <summary>Reads PREFIX.0 on.</summary>
    public static IReadOnlyList<NeuroformerBlockWeights> ReadAll(WeightReader weights, string prefix, int count, NeuroformerConfig config) =>
        [.. Enumerable.Range(0, count).Select(index => Read(weights, $"{prefix}.{index}", config))];
}
