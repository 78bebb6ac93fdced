using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Training.Blocks;

namespace Realtime.Models.Mtm;

/// <summary>One pre-norm block, recorded on a tape. Any thread.</summary>
internal sealed class MtmTrainableLayer
{
    private readonly (Parameter Gain, Parameter Bias) _norm1;
    private readonly (Parameter Gain, Parameter Bias) _norm2;
    private readonly TrainableAttention _attention;
    private readonly TrainableGeluFeedForward _feedForward;
    private readonly double _dropout;

    /// <param name="list">Takes the parameters.</param>
    /// <param name="prefix">Of their names.</param>
    /// <param name="weights">Their values.</param>
    /// <param name="dropout">Share of attention weights, joined heads and the feed-forward map's result that is dropped.</param>
    public MtmTrainableLayer(ParameterList list, string prefix, MtmLayerWeights weights, double dropout)
    {
        _norm1 = list.AddNorm($"{prefix}.ln1", weights.Norm1);
        _attention = new TrainableAttention(list, $"{prefix}.attn", "out_proj", weights.Attention, dropout, joinedDropout: dropout);
        _norm2 = list.AddNorm($"{prefix}.ln2", weights.Norm2);
        _feedForward = new TrainableGeluFeedForward(list, $"{prefix}.mlp.up_proj", $"{prefix}.mlp.down_proj", weights.FeedForward);
        _dropout = dropout;
    }

    /// <param name="tape">Records.</param>
    /// <param name="x">[tokens, HiddenSize].</param>
    /// <param name="layout">Of the tokens.</param>
    /// <param name="rotary">Angles of the positions of a trial; null for a model without rotary positions.</param>
    /// <returns>[tokens, HiddenSize].</returns>
    public Variable Apply(Tape tape, Variable x, MtmLayout layout, RotaryTable? rotary)
    {
        var normed = tape.LayerNorm(x, _norm1.Gain, _norm1.Bias);
        x = tape.Add(x, _attention.Apply(tape, normed, normed, layout.Segments, layout.Masks, rotary is null ? null : new RowTimes(rotary, layout.TokenPositions)));
        return tape.Add(x, tape.Dropout(_feedForward.Apply(tape, tape.LayerNorm(x, _norm2.Gain, _norm2.Bias)), _dropout));
    }
}
