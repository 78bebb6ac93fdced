using Realtime.Models.Differentiation;
using Realtime.Models.Transformer;

namespace Realtime.Models.Training.Blocks;

/// <summary>Down gelu(Up x) (<see cref="GeluFeedForward"/>), recorded on a tape. Any thread.</summary>
internal sealed class TrainableGeluFeedForward
{
    private readonly (Parameter Weight, Parameter Bias) _up;
    private readonly (Parameter Weight, Parameter Bias) _down;

    /// <param name="list">Takes the parameters.</param>
    /// <param name="upPrefix">Name of the first map.</param>
    /// <param name="downPrefix">Name of the second map.</param>
    /// <param name="weights">Their values.</param>
    public TrainableGeluFeedForward(ParameterList list, string upPrefix, string downPrefix, GeluFeedForwardWeights weights)
    {
        _up = list.AddLinear(upPrefix, weights.Up.Weight, weights.Up.Bias);
        _down = list.AddLinear(downPrefix, weights.Down.Weight, weights.Down.Bias);
    }

    /// <summary>The map's result, without the residual.</summary>
    public Variable Apply(Tape tape, Variable x) => tape.Linear(tape.Gelu(tape.Linear(x, _up.Weight, _up.Bias)), _down.Weight, _down.Bias);
}
