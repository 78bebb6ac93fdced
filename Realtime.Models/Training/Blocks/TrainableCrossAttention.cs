using Realtime.Models.Differentiation;
using Realtime.Models.Transformer;

namespace Realtime.Models.Training.Blocks;

/// <summary>
/// Attention over a context with rotary times (<see cref="CrossAttention"/>), recorded on a tape in three steps, so that what depends on few
/// distinct vectors is computed once and its rows are repeated before they are turned by their times. Any thread.
/// </summary>
internal sealed class TrainableCrossAttention
{
    private readonly (Parameter Gain, Parameter Bias) _norm;
    private readonly (Parameter Gain, Parameter Bias) _contextNorm;
    private readonly Parameter _toQuery;
    private readonly Parameter _toKeyValue;
    private readonly (Parameter Weight, Parameter Bias) _out;
    private readonly (int Heads, int HeadDim) _shape;
    private readonly bool _rotateValues;
    private readonly double _dropout;

    /// <param name="list">Takes the parameters.</param>
    /// <param name="prefix">Of their names.</param>
    /// <param name="weights">Their values.</param>
    /// <param name="rotateValues">Whether values turn by their times, and the result back by the queries'.</param>
    /// <param name="dropout">Share of the attention weights that is dropped.</param>
    public TrainableCrossAttention(ParameterList list, string prefix, CrossAttentionWeights weights, bool rotateValues, double dropout)
    {
        _norm = list.AddNorm($"{prefix}.norm", weights.Norm);
        _contextNorm = list.AddNorm($"{prefix}.norm_context", weights.ContextNorm);
        _toQuery = list.Add($"{prefix}.to_q.weight", weights.ToQuery, weights.Inner, weights.Norm.Gain.Length);
        _toKeyValue = list.Add($"{prefix}.to_kv.weight", weights.ToKeyValue, 2 * weights.Inner, weights.ContextNorm.Gain.Length);
        _out = list.AddLinear($"{prefix}.to_out", weights.Out, weights.OutBias);
        _shape = (weights.Heads, weights.HeadDim);
        _rotateValues = rotateValues;
        _dropout = dropout;
    }

    /// <summary>Queries before rotation: [rows, dim] to [rows, inner].</summary>
    public Variable Queries(Tape tape, Variable x) => tape.Linear(tape.LayerNorm(x, _norm.Gain, _norm.Bias), _toQuery, null);

    /// <summary>Keys and values side by side before rotation: [rows, context dim] to [rows, 2 inner].</summary>
    public Variable KeysValues(Tape tape, Variable context) => tape.Linear(tape.LayerNorm(context, _contextNorm.Gain, _contextNorm.Bias), _toKeyValue, null);

    /// <summary>The attention's result, without the residual. Turns queries, keys and values in place: nothing else may read them.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="queries">[queries, inner].</param>
    /// <param name="queryTimes">Of each query.</param>
    /// <param name="keysValues">[keys, 2 inner].</param>
    /// <param name="keyTimes">Of each key.</param>
    /// <param name="segments">Who sees what.</param>
    /// <param name="outputTimes">Of each row of the result: its query's.</param>
    /// <returns>[rows of the result, dim].</returns>
    public Variable Attend(
        Tape tape, Variable queries, RowTimes queryTimes, Variable keysValues, RowTimes keyTimes, ReadOnlySpan<AttentionSegment> segments, RowTimes outputTimes)
    {
        var (heads, headDim) = _shape;
        tape.Rotate(queries, 0, heads, headDim, queryTimes.Table, queryTimes.Rows);
        tape.Rotate(keysValues, 0, _rotateValues ? 2 * heads : heads, headDim, keyTimes.Table, keyTimes.Rows);
        var attended = tape.Attend(queries, 0, keysValues, 0, keysValues, heads * headDim, heads, headDim, segments, outputTimes.Rows.Length, _dropout);
        if (_rotateValues) tape.Rotate(attended, 0, heads, headDim, outputTimes.Table, outputTimes.Rows, back: true);
        return tape.Linear(attended, _out.Weight, _out.Bias);
    }
}
