using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>
/// Attention among the rows of one sample with rotary times, plain form; values are rotated, and the result is rotated back. Takes its
/// working memory per call. Immutable; any thread. Source: github.com/neuro-galaxy/torch_brain, torch_brain/nn/rotary_attention.py.
/// </summary>
public sealed class SelfAttention
{
    private readonly KernelSet _kernels;
    private readonly SelfAttentionWeights _weights;
    private readonly int _dim;
    private readonly PackedMatrix _toQueryKeyValue;
    private readonly PackedMatrix _out;

    public SelfAttention(SelfAttentionWeights weights, KernelSet kernels)
    {
        _kernels = kernels;
        _weights = weights;
        _dim = weights.Norm.Gain.Length;
        var inner = weights.Inner;
        var scaled = weights.ToQueryKeyValue.ToArray();
        AttentionScale.Apply(scaled.AsSpan(0, inner * _dim), weights.HeadDim);
        _toQueryKeyValue = kernels.Pack(scaled, 3 * inner, _dim, []);
        _out = kernels.Pack(weights.Out, _dim, inner, weights.OutBias);
    }

    /// <summary>Adds the attention's result to each row.</summary>
    /// <param name="x">[rows, dim].</param>
    /// <param name="rows">Rows, at least 1; all see each other.</param>
    /// <param name="times">A row for each row of x.</param>
    public void AddTo(Span<float> x, int rows, RotaryTable times)
    {
        var (inner, heads, headDim) = (_weights.Inner, _weights.Heads, _weights.HeadDim);
        var stride = 3 * inner;
        var normed = new float[rows * _dim];
        var queryKeyValue = new float[rows * stride];
        _kernels.LayerNorm(x, rows, _dim, _weights.Norm.Gain, _weights.Norm.Bias, normed);
        _kernels.Multiply(normed, _dim, rows, _toQueryKeyValue, queryKeyValue, stride);
        var q = queryKeyValue.AsSpan();
        var k = q[inner..];
        var v = k[inner..];

        // Queries, keys and values lie side by side, so that all heads of a row turn in one call.
        _kernels.Rotate(q, stride, 3 * heads, headDim, times, 0, rows);
        var shape = new AttentionShape
        {
            Queries = rows,
            Keys = rows,
            Heads = heads,
            HeadDim = headDim,
            QueryStride = stride,
            KeyStride = stride,
            ValueStride = stride,
            OutputStride = inner,
        };
        var attended = new float[rows * inner];
        _kernels.Attend(shape, q, k, v, [], attended, new float[_kernels.AttentionScratch(rows, headDim)]);
        _kernels.Rotate(attended, inner, heads, headDim, times, 0, rows, back: true);
        _kernels.Multiply(attended, inner, rows, _out, x, _dim, accumulate: true);
    }
}
