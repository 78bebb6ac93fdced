using Realtime.Models.Differentiation;
using Realtime.Models.Training.Blocks;

namespace Realtime.Models.Neuroformer;

/// <summary>One block (<see cref="NeuroformerBlock"/>), recorded on a tape. Any thread.</summary>
internal sealed class NeuroformerTrainableBlock
{
    private readonly (Parameter Gain, Parameter Bias) _norm1;
    private readonly (Parameter Gain, Parameter Bias) _norm2;
    private readonly (Parameter Gain, Parameter Bias) _normOut;
    private readonly TrainableAttention _attention;
    private readonly TrainableGeluFeedForward _feedForward;
    private readonly double _dropout;

    public NeuroformerTrainableBlock(ParameterList list, string prefix, NeuroformerBlockWeights weights, NeuroformerDropout dropout)
    {
        _norm1 = list.AddNorm($"{prefix}.ln1", weights.Norm1);
        _attention = new TrainableAttention(list, $"{prefix}.attn", "proj", weights.Attention, dropout.Attn);
        _norm2 = list.AddNorm($"{prefix}.ln2", weights.Norm2);
        _feedForward = new TrainableGeluFeedForward(list, $"{prefix}.mlp.0", $"{prefix}.mlp.2", weights.FeedForward);
        _normOut = list.AddNorm($"{prefix}.ln_f", weights.NormOut);
        _dropout = dropout.Resid;
    }

    /// <summary>The blocks PREFIX.0 on.</summary>
    public static NeuroformerTrainableBlock[] All(ParameterList list, string prefix, IReadOnlyList<NeuroformerBlockWeights> weights, NeuroformerDropout dropout) =>
        [.. weights.Select((block, index) => new NeuroformerTrainableBlock(list, $"{prefix}.{index}", block, dropout))];

    /// <summary>The block's result.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[rows, C].</param>
    /// <param name="context">[keys, C]; null for x itself.</param>
    /// <param name="segments">Who sees what.</param>
    /// <param name="masks">Tables that segments name.</param>
    public Variable Apply(Tape tape, Variable x, Variable? context, ReadOnlySpan<AttentionSegment> segments, ReadOnlySpan<float> masks)
    {
        var attended = _attention.Apply(tape, tape.LayerNorm(x, _norm1.Gain, _norm1.Bias), context ?? x, segments, masks);
        x = tape.Add(x, tape.Dropout(attended, _dropout));
        x = tape.Add(x, tape.Dropout(_feedForward.Apply(tape, tape.LayerNorm(x, _norm2.Gain, _norm2.Bias)), _dropout));
        return tape.LayerNorm(x, _normOut.Gain, _normOut.Bias);
    }
}
