using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>
/// Attention of queries [., dim] over a context [., contextDim]: ToQuery [inner, dim], ToKeyValue [2 inner, contextDim] (keys first),
/// Out [dim, inner] with bias; inner = heads × headDim.
/// </summary>
public sealed record CrossAttentionWeights(
    LayerNormWeights Norm, LayerNormWeights ContextNorm, float[] ToQuery, float[] ToKeyValue, float[] Out, float[] OutBias, int Heads, int HeadDim)
{
    public int Inner => Heads * HeadDim;

    public static CrossAttentionWeights Read(WeightReader weights, string prefix, int dim, int contextDim, int heads, int headDim)
    {
        var inner = (long)heads * headDim;
        return new(
            LayerNormWeights.Read(weights, $"{prefix}.norm", dim),
            LayerNormWeights.Read(weights, $"{prefix}.norm_context", contextDim),
            weights.Floats($"{prefix}.to_q.weight", inner, dim),
            weights.Floats($"{prefix}.to_kv.weight", 2 * inner, contextDim),
            weights.Floats($"{prefix}.to_out.weight", dim, inner),
            weights.Floats($"{prefix}.to_out.bias", dim),
            heads,
            headDim);
    }
}
