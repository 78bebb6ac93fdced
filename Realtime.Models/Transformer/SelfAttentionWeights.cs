using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>Attention among the rows of [., dim]: ToQueryKeyValue [3 inner, dim] in thirds, Out [dim, inner] with bias; inner = heads × headDim.</summary>
public sealed record SelfAttentionWeights(LayerNormWeights Norm, float[] ToQueryKeyValue, float[] Out, float[] OutBias, int Heads, int HeadDim)
{
    public int Inner => Heads * HeadDim;

    public static SelfAttentionWeights Read(WeightReader weights, string prefix, int dim, int heads, int headDim)
    {
        var inner = (long)heads * headDim;
        return new(
            LayerNormWeights.Read(weights, $"{prefix}.norm", dim),
            weights.Floats($"{prefix}.to_qkv.weight", 3 * inner, dim),
            weights.Floats($"{prefix}.to_out.weight", dim, inner),
            weights.Floats($"{prefix}.to_out.bias", dim),
            heads,
            headDim);
    }
}
