using Realtime.Models.Differentiation;
using Realtime.Models.Transformer;

namespace Realtime.Models.Training.Blocks;

/// <summary>Attention with biases under a mask (<see cref="MaskedAttention"/>), recorded on a tape. Any thread.</summary>
internal sealed class TrainableAttention
{
    private readonly (Parameter Weight, Parameter Bias) _query;
    private readonly (Parameter Weight, Parameter Bias) _key;
    private readonly (Parameter Weight, Parameter Bias) _value;
    private readonly (Parameter Weight, Parameter Bias) _out;
    private readonly (int Heads, int HeadDim) _shape;
    private readonly double _dropout;
    private readonly double _joinedDropout;

    /// <param name="list">Takes the parameters.</param>
    /// <param name="prefix">Of their names.</param>
    /// <param name="outName">Name of the output map behind the prefix.</param>
    /// <param name="maps">Their values.</param>
    /// <param name="dropout">Share of the attention weights that is dropped.</param>
    /// <param name="joinedDropout">Share of the joined heads that is dropped, before the output map.</param>
    public TrainableAttention(ParameterList list, string prefix, string outName, AttentionMaps maps, double dropout, double joinedDropout = 0)
    {
        _query = list.AddLinear($"{prefix}.query", maps.Query.Weight, maps.Query.Bias);
        _key = list.AddLinear($"{prefix}.key", maps.Key.Weight, maps.Key.Bias);
        _value = list.AddLinear($"{prefix}.value", maps.Value.Weight, maps.Value.Bias);
        _out = list.AddLinear($"{prefix}.{outName}", maps.Out.Weight, maps.Out.Bias);
        _shape = (maps.Heads, maps.HeadDim);
        (_dropout, _joinedDropout) = (dropout, joinedDropout);
    }

    /// <summary>The attention's result, without the residual.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="from">[rows, width], what queries are made of.</param>
    /// <param name="context">[keys, width], what keys and values are made of.</param>
    /// <param name="segments">Who sees what.</param>
    /// <param name="masks">Tables that segments name; empty where all is seen.</param>
    /// <param name="times">By which queries and keys turn, channel k of a head with channel k + headDim/2; null where they do not. The context has the same rows.</param>
    /// <returns>[rows, width].</returns>
    public Variable Apply(Tape tape, Variable from, Variable context, ReadOnlySpan<AttentionSegment> segments, ReadOnlySpan<float> masks, RowTimes? times = null)
    {
        var q = tape.Linear(from, _query.Weight, _query.Bias);
        var k = tape.Linear(context, _key.Weight, _key.Bias);
        if (times is { } turn)
        {
            tape.RotateHalves(q, _shape.Heads, turn.Table, turn.Rows);
            tape.RotateHalves(k, _shape.Heads, turn.Table, turn.Rows);
        }

        var v = tape.Linear(context, _value.Weight, _value.Bias);
        var attended = tape.Attend(q, 0, k, 0, v, 0, _shape.Heads, _shape.HeadDim, segments, from.Rows, _dropout, masks);
        return tape.Linear(tape.Dropout(attended, _joinedDropout), _out.Weight, _out.Bias);
    }
}
