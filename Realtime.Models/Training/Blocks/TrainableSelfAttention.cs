using Realtime.Models.Differentiation;
using Realtime.Models.Transformer;

namespace Realtime.Models.Training.Blocks;

/// <summary>Attention among groups of rows with rotary times (<see cref="SelfAttention"/>), recorded on a tape. Any thread.</summary>
internal sealed class TrainableSelfAttention
{
    private readonly (Parameter Gain, Parameter Bias) _norm;
    private readonly Parameter _toQueryKeyValue;
    private readonly (Parameter Weight, Parameter Bias) _out;
    private readonly (int Heads, int HeadDim) _shape;
    private readonly double _dropout;

    /// <param name="list">Takes the parameters.</param>
    /// <param name="prefix">Of their names.</param>
    /// <param name="weights">Their values.</param>
    /// <param name="dropout">Share of the attention weights that is dropped.</param>
    public TrainableSelfAttention(ParameterList list, string prefix, SelfAttentionWeights weights, double dropout)
    {
        var dim = weights.Norm.Gain.Length;
        _norm = list.AddNorm($"{prefix}.norm", weights.Norm);
        _toQueryKeyValue = list.Add($"{prefix}.to_qkv.weight", weights.ToQueryKeyValue, 3 * weights.Inner, dim);
        _out = list.AddLinear($"{prefix}.to_out", weights.Out, weights.OutBias);
        _shape = (weights.Heads, weights.HeadDim);
        _dropout = dropout;
    }

    /// <summary>The attention's result, without the residual.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[rows, dim].</param>
    /// <param name="times">Of each row.</param>
    /// <param name="groupSize">Rows that see each other; groups lie one after the other.</param>
    /// <returns>[rows, dim].</returns>
    public Variable Apply(Tape tape, Variable x, RowTimes times, int groupSize)
    {
        var (heads, headDim) = _shape;
        var inner = heads * headDim;
        var queryKeyValue = tape.Linear(tape.LayerNorm(x, _norm.Gain, _norm.Bias), _toQueryKeyValue, null);

        // Queries, keys and values lie side by side, so that all heads of a row turn in one call.
        tape.Rotate(queryKeyValue, 0, 3 * heads, headDim, times.Table, times.Rows);
        var groups = new AttentionSegment[x.Rows / groupSize];
        for (var group = 0; group < groups.Length; group++)
            groups[group] = new AttentionSegment(group * groupSize, groupSize, group * groupSize, groupSize, group * groupSize);
        var attended = tape.Attend(queryKeyValue, 0, queryKeyValue, inner, queryKeyValue, 2 * inner, heads, headDim, groups, x.Rows, _dropout);
        tape.Rotate(attended, 0, heads, headDim, times.Table, times.Rows, back: true);
        return tape.Linear(attended, _out.Weight, _out.Bias);
    }
}
