namespace Realtime.Models.Differentiation.Operations;

/// <summary>One call on a tape that has something to learn before it.</summary>
internal abstract class Operation(Variable result)
{
    public Variable Result { get; } = result;

    /// <summary>Adds to the gradients of what went in; called when a gradient of the result has come.</summary>
    public abstract void Backward(Tape tape);
}
