using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>One layer of a processor: self-attention, then the feed-forward map, each with its residual.</summary>
public sealed record ProcessorLayerWeights(SelfAttentionWeights Attention, FeedForwardWeights FeedForward)
{
    /// <summary>Reads proc_layers.INDEX.</summary>
    public static ProcessorLayerWeights Read(WeightReader weights, int index, int dim, int heads, int headDim) => new(
        SelfAttentionWeights.Read(weights, $"proc_layers.{index}.0", dim, heads, headDim),
        FeedForwardWeights.Read(weights, $"proc_layers.{index}.1", dim));
}
