namespace Realtime.Models.Kernels;

/// <summary>Activations without a gate, and attention under a mask.</summary>
public abstract partial class KernelSet
{
    /// <summary>x (1 + erf(x / √2)) / 2. x and y may be the same.</summary>
    public virtual void Gelu(ReadOnlySpan<float> x, Span<float> y)
    {
        var erf = new float[x.Length];
        for (var i = 0; i < x.Length; i++) erf[i] = x[i] * 0.70710678f;
        Erf(erf, erf);
        for (var i = 0; i < x.Length; i++) y[i] = 0.5f * x[i] * (1 + erf[i]);
    }

    /// <summary>scale × x / (1 + |x|). x and y may be the same.</summary>
    public virtual void Softsign(ReadOnlySpan<float> x, float scale, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++) y[i] = scale * (x[i] / (1 + MathF.Abs(x[i])));
    }

    /// <summary>max(x, 0). x and y may be the same.</summary>
    public virtual void Relu(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++) y[i] = MathF.Max(x[i], 0);
    }

    /// <summary><see cref="Attend"/> with a mask of its own for each query. A query's result does not depend on the other queries of the call.</summary>
    /// <param name="shape">Sizes and strides.</param>
    /// <param name="q">[queries, heads × headDim].</param>
    /// <param name="k">[keys, heads × headDim].</param>
    /// <param name="v">[keys, heads × headDim].</param>
    /// <param name="scoreBias">[queries, keys], added to the scores of every head (-∞ hides the key).</param>
    /// <param name="output">[queries, heads × headDim]; must not overlap the inputs.</param>
    /// <param name="scratch">At least <see cref="AttentionScratch"/> numbers.</param>
    public virtual void AttendMasked(
        in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> scoreBias, Span<float> output, Span<float> scratch)
    {
        for (var query = 0; query < shape.Queries; query++)
        {
            Attend(shape with { Queries = 1 }, q[(query * shape.QueryStride)..], k, v, scoreBias.Slice(query * shape.Keys, shape.Keys),
                output[(query * shape.OutputStride)..], scratch);
        }
    }
}
