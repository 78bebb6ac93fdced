using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// One block, plain form: x + attention(LN1 x, context), then x + feed-forward(LN2 x), then LN_f of the sum. NB: keys and values are made of the
/// context as it is, also where it is x itself, and no residual path leaves a block without its last normalisation. Immutable; any thread.
/// </summary>
public sealed class NeuroformerBlock
{
    private readonly KernelSet _kernels;
    private readonly NeuroformerBlockWeights _weights;
    private readonly MaskedAttention _attention;
    private readonly GeluFeedForward _feedForward;

    public NeuroformerBlock(NeuroformerBlockWeights weights, KernelSet kernels)
    {
        (_kernels, _weights) = (kernels, weights);
        _attention = new MaskedAttention(weights.Attention, kernels);
        _feedForward = new GeluFeedForward(weights.FeedForward, kernels);
    }

    /// <summary>Replaces x by the block's result.</summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="context">[keys, width]; may be x.</param>
    /// <param name="keys">Rows of the context.</param>
    /// <param name="mask">[rows, keys] added to scores, or empty.</param>
    public void Apply(Span<float> x, int rows, ReadOnlySpan<float> context, int keys, ReadOnlySpan<float> mask)
    {
        var normalized = Normalized(x, rows, _weights.Norm1);
        _attention.AddTo(x, normalized, rows, context, keys, mask);
        normalized = Normalized(x, rows, _weights.Norm2);
        _feedForward.AddTo(x, normalized, rows);
        _kernels.LayerNorm(x, rows, _weights.Attention.Width, _weights.NormOut.Gain, _weights.NormOut.Bias, x);
    }

    /// <summary>Weights of the attention that <see cref="Apply"/> would use, [heads, rows, keys].</summary>
    public float[] Attention(ReadOnlySpan<float> x, int rows, ReadOnlySpan<float> context, int keys, ReadOnlySpan<float> mask) =>
        _attention.Weights(Normalized(x, rows, _weights.Norm1), rows, context, keys, mask);

    private float[] Normalized(ReadOnlySpan<float> x, int rows, LayerNormWeights norm)
    {
        var normalized = new float[rows * _weights.Attention.Width];
        _kernels.LayerNorm(x, rows, _weights.Attention.Width, norm.Gain, norm.Bias, normalized);
        return normalized;
    }
}
