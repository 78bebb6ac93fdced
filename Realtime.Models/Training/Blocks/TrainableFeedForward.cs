using Realtime.Models.Differentiation;
using Realtime.Models.Transformer;

namespace Realtime.Models.Training.Blocks;

/// <summary>The gated feed-forward map with its layer normalisation (<see cref="FeedForward"/>), recorded on a tape. Any thread.</summary>
internal sealed class TrainableFeedForward
{
    private readonly (Parameter Gain, Parameter Bias) _norm;
    private readonly (Parameter Weight, Parameter Bias) _in;
    private readonly (Parameter Weight, Parameter Bias) _out;
    private readonly double _dropout;

    /// <param name="list">Takes the parameters.</param>
    /// <param name="prefix">Of their names.</param>
    /// <param name="weights">Their values.</param>
    /// <param name="dropout">Share dropped after the gate.</param>
    public TrainableFeedForward(ParameterList list, string prefix, FeedForwardWeights weights, double dropout)
    {
        _norm = list.AddNorm($"{prefix}.0", weights.Norm);
        _in = list.AddLinear($"{prefix}.1.net.0", weights.In, weights.InBias);
        _out = list.AddLinear($"{prefix}.1.net.3", weights.Out, weights.OutBias);
        _dropout = dropout;
    }

    /// <summary>Out (a × gelu(g)), (a, g) = In LN(x), without the residual.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[rows, dim].</param>
    /// <returns>[rows, dim].</returns>
    public Variable Apply(Tape tape, Variable x)
    {
        var hidden = tape.Linear(tape.LayerNorm(x, _norm.Gain, _norm.Bias), _in.Weight, _in.Bias);
        return tape.Linear(tape.Dropout(tape.Geglu(hidden), _dropout), _out.Weight, _out.Bias);
    }
}
