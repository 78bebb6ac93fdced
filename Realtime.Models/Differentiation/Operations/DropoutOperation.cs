using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class DropoutOperation(Variable result, Variable x, DropoutDraw draw) : Operation(result)
{
    public static Variable Run(Tape tape, Variable x, double rate)
    {
        var draw = tape.NextDraw(rate);
        if (!draw.Drops) return x;
        var result = tape.New(x.Rows, x.Width, x.NeedsGradient);
        tape.Kernels.Drop(x.ValuePointer, x.Rows * x.Width, draw, result.ValuePointer, accumulate: false);
        if (result.NeedsGradient) tape.Record(new DropoutOperation(result, x, draw));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var gradient = x.GradientToPut(out var accumulate);
        tape.Kernels.Drop(Result.Flow, x.Rows * x.Width, draw, gradient, accumulate);
    }
}
