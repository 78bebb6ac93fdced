using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>
/// Attention with biases of queries over a context under a mask, plain form. What is normalised before it is the caller's: MtM normalises both
/// sides, Neuroformer the queries only. Takes its working memory per call. Immutable; any thread.
/// </summary>
public sealed class MaskedAttention
{
    private readonly KernelSet _kernels;
    private readonly AttentionMaps _maps;
    private readonly PackedMatrix _query;
    private readonly PackedMatrix _key;
    private readonly PackedMatrix _value;
    private readonly PackedMatrix _out;

    public MaskedAttention(AttentionMaps maps, KernelSet kernels)
    {
        (_kernels, _maps) = (kernels, maps);
        var (weight, bias) = (maps.Query.Weight.ToArray(), maps.Query.Bias.ToArray());
        AttentionScale.Apply(weight, maps.HeadDim);
        AttentionScale.Apply(bias, maps.HeadDim);
        _query = kernels.Pack(weight, maps.Width, maps.Width, bias);
        _key = Pack(maps.Key);
        _value = Pack(maps.Value);
        _out = Pack(maps.Out);
    }

    /// <summary>Adds the attention's result to each row of x.</summary>
    /// <param name="x">[rows, width], the residual stream.</param>
    /// <param name="from">[rows, width], what queries are made of.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="context">[keys, width], what keys and values are made of.</param>
    /// <param name="keys">Rows of the context.</param>
    /// <param name="mask">[rows, keys] added to scores (-∞ hides), or empty where every row sees every key.</param>
    /// <param name="turn">Turns queries, then keys, in place before scores are taken (rotary positions); null for none.</param>
    public void AddTo(Span<float> x, ReadOnlySpan<float> from, int rows, ReadOnlySpan<float> context, int keys, ReadOnlySpan<float> mask, RowTurn? turn = null)
    {
        var width = _maps.Width;
        var (q, k, v) = (new float[rows * width], new float[keys * width], new float[keys * width]);
        _kernels.Multiply(from, width, rows, _query, q, width);
        _kernels.Multiply(context, width, keys, _key, k, width);
        _kernels.Multiply(context, width, keys, _value, v, width);
        turn?.Invoke(q, rows);
        turn?.Invoke(k, keys);
        var shape = new AttentionShape
        {
            Queries = rows,
            Keys = keys,
            Heads = _maps.Heads,
            HeadDim = _maps.HeadDim,
            QueryStride = width,
            KeyStride = width,
            ValueStride = width,
            OutputStride = width,
        };
        var attended = new float[rows * width];
        var scratch = new float[_kernels.AttentionScratch(keys, _maps.HeadDim)];
        if (mask.IsEmpty) _kernels.Attend(shape, q, k, v, [], attended, scratch);
        else _kernels.AttendMasked(shape, q, k, v, mask, attended, scratch);
        _kernels.Multiply(attended, width, rows, _out, x, width, accumulate: true);
    }

    /// <summary>The weights with which each query takes values, [heads, rows, keys]; each row of keys sums to 1, or is 0 where all are hidden.</summary>
    /// <param name="from">[rows, width], what queries are made of.</param>
    /// <param name="rows">Queries.</param>
    /// <param name="context">[keys, width], what keys are made of.</param>
    /// <param name="keys">Rows of the context.</param>
    /// <param name="mask">[rows, keys] added to scores (-∞ hides), or empty.</param>
    public float[] Weights(ReadOnlySpan<float> from, int rows, ReadOnlySpan<float> context, int keys, ReadOnlySpan<float> mask)
    {
        var (width, dim) = (_maps.Width, _maps.HeadDim);
        var (q, k) = (new float[rows * width], new float[keys * width]);
        _kernels.Multiply(from, width, rows, _query, q, width);
        _kernels.Multiply(context, width, keys, _key, k, width);
        var scores = new float[_maps.Heads * rows * keys];
        for (var head = 0; head < _maps.Heads; head++)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var key = 0; key < keys; key++)
                {
                    var score = mask.IsEmpty ? 0 : mask[row * keys + key];
                    for (var i = head * dim; i < (head + 1) * dim; i++) score += q[row * width + i] * k[key * width + i];
                    scores[(head * rows + row) * keys + key] = score;
                }
            }
        }

        _kernels.Softmax(scores, _maps.Heads * rows, keys);
        return scores;
    }

    private PackedMatrix Pack(LinearWeights map) => _kernels.Pack(map.Weight, map.Outputs, map.Inputs, map.Bias);
}
