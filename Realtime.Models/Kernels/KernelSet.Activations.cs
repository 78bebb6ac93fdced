namespace Realtime.Models.Kernels;

/// <summary>Activations without a gate, and attention under a mask.</summary>
public abstract partial class KernelSet
{
    /// <summary>x (1 + erf(x / √2)) / 2. x and y may be the same.</summary>
    public abstract void Gelu(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>scale × x / (1 + |x|); x far out in float32's range gives ±scale. x and y may be the same.</summary>
    public abstract void Softsign(ReadOnlySpan<float> x, float scale, Span<float> y);

    /// <summary>max(x, 0); NaN stays. x and y may be the same.</summary>
    public abstract void Relu(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>
    /// <see cref="Attend"/> with a mask of its own for each query. A query's bits depend neither on the other queries of the call nor on whether keys that
    /// it does not see follow its last one: attention under a triangular mask is, to the bit, that of one query after the other over the keys up to it.
    /// </summary>
    /// <param name="shape">Sizes and strides.</param>
    /// <param name="q">[queries, heads × headDim].</param>
    /// <param name="k">[keys, heads × headDim]; finite for hidden keys too.</param>
    /// <param name="v">[keys, heads × headDim]; finite for hidden keys too.</param>
    /// <param name="scoreBias">[queries, keys], added to the scores of every head (-∞ hides the key).</param>
    /// <param name="output">[queries, heads × headDim]; must not overlap the inputs.</param>
    /// <param name="scratch">At least <see cref="AttentionScratch"/> numbers.</param>
    public abstract void AttendMasked(
        in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> scoreBias, Span<float> output, Span<float> scratch);
}
