using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>
/// Attention of queries over a context with rotary times, plain form. Queries are rotated by their times and keys by theirs; if values
/// are rotated too, the result is rotated back by the queries' times. Takes its working memory per call. Immutable; any thread.
/// Source: github.com/neuro-galaxy/torch_brain, torch_brain/nn/rotary_attention.py.
/// </summary>
public sealed class CrossAttention
{
    private readonly KernelSet _kernels;
    private readonly CrossAttentionWeights _weights;
    private readonly bool _rotateValues;
    private readonly int _dim;
    private readonly int _contextDim;
    private readonly PackedMatrix _toQuery;
    private readonly PackedMatrix _toKeyValue;
    private readonly PackedMatrix _out;

    public CrossAttention(CrossAttentionWeights weights, KernelSet kernels, bool rotateValues)
    {
        _kernels = kernels;
        _weights = weights;
        _rotateValues = rotateValues;
        _dim = weights.Norm.Gain.Length;
        _contextDim = weights.ContextNorm.Gain.Length;
        var inner = weights.Inner;
        var scaled = weights.ToQuery.ToArray();
        AttentionScale.Apply(scaled, weights.HeadDim);
        _toQuery = kernels.Pack(scaled, inner, _dim, []);
        _toKeyValue = kernels.Pack(weights.ToKeyValue, 2 * inner, _contextDim, []);
        _out = kernels.Pack(weights.Out, _dim, inner, weights.OutBias);
    }

    /// <summary>Adds the attention's result to each query.</summary>
    /// <param name="queries">[rows, dim].</param>
    /// <param name="rows">Queries; 0 is allowed.</param>
    /// <param name="queryTimes">A row for each query.</param>
    /// <param name="context">[keys, context dim].</param>
    /// <param name="keys">Rows of the context; with none, only the output's bias is added.</param>
    /// <param name="keyTimes">A row for each key.</param>
    /// <param name="keyBias">[keys] added to each score of the key (-∞ hides it), or empty.</param>
    public void AddTo(
        Span<float> queries, int rows, RotaryTable queryTimes, ReadOnlySpan<float> context, int keys, RotaryTable keyTimes, ReadOnlySpan<float> keyBias)
    {
        var (inner, heads, headDim) = (_weights.Inner, _weights.Heads, _weights.HeadDim);
        var normed = new float[rows * _dim];
        var q = new float[rows * inner];
        _kernels.LayerNorm(queries, rows, _dim, _weights.Norm.Gain, _weights.Norm.Bias, normed);
        _kernels.Multiply(normed, _dim, rows, _toQuery, q, inner);
        _kernels.Rotate(q, inner, heads, headDim, queryTimes, 0, rows);

        var normedContext = new float[keys * _contextDim];
        var keyValue = new float[keys * 2 * inner];
        _kernels.LayerNorm(context, keys, _contextDim, _weights.ContextNorm.Gain, _weights.ContextNorm.Bias, normedContext);
        _kernels.Multiply(normedContext, _contextDim, keys, _toKeyValue, keyValue, 2 * inner);
        var k = keyValue.AsSpan();
        var v = keys == 0 ? k : k[inner..];
        _kernels.Rotate(k, 2 * inner, heads, headDim, keyTimes, 0, keys);
        if (_rotateValues) _kernels.Rotate(v, 2 * inner, heads, headDim, keyTimes, 0, keys);

        var shape = new AttentionShape
        {
            Queries = rows,
            Keys = keys,
            Heads = heads,
            HeadDim = headDim,
            QueryStride = inner,
            KeyStride = 2 * inner,
            ValueStride = 2 * inner,
            OutputStride = inner,
        };
        var attended = new float[rows * inner];
        _kernels.Attend(shape, q, k, v, keyBias, attended, new float[_kernels.AttentionScratch(keys, headDim)]);
        if (_rotateValues) _kernels.Rotate(attended, inner, heads, headDim, queryTimes, 0, rows, back: true);
        _kernels.Multiply(attended, inner, rows, _out, queries, _dim, accumulate: true);
    }
}
