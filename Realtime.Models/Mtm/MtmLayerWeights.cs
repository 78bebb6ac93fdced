using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm;

/// <summary>One pre-norm block.</summary>
public sealed record MtmLayerWeights(LayerNormWeights Norm1, AttentionMaps Attention, LayerNormWeights Norm2, GeluFeedForwardWeights FeedForward)
{
    /// <summary>Reads encoder.layers.INDEX.</summary>
    public static MtmLayerWeights Read(WeightReader weights, int index, MtmConfig config)
    {
        var prefix = $"encoder.layers.{index}";
        return new(
            LayerNormWeights.Read(weights, $"{prefix}.ln1", config.HiddenSize),
            AttentionMaps.Read(weights, $"{prefix}.attn", "out_proj", config.HiddenSize, config.NHeads),
            LayerNormWeights.Read(weights, $"{prefix}.ln2", config.HiddenSize),
            new(LinearWeights.Read(weights, $"{prefix}.mlp.up_proj", config.InterSize, config.HiddenSize),
                LinearWeights.Read(weights, $"{prefix}.mlp.down_proj", config.HiddenSize, config.InterSize)));
    }
}
