namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class GegluOperation(Variable result, Variable x) : Operation(result)
{
    public static Variable Run(Tape tape, Variable x)
    {
        if (x.Width % 2 != 0) throw new ArgumentException($"A width of {x.Width} has no two halves.", nameof(x));
        var half = x.Width / 2;
        var result = tape.New(x.Rows, half, x.NeedsGradient);
        tape.Kernels.Geglu(x.Value, x.Rows, half, result.Value);
        if (result.NeedsGradient) tape.Record(new GegluOperation(result, x));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var gradient = x.GradientToPut(out var accumulate);
        tape.Kernels.GegluGradient(x.ValuePointer, Result.Flow, x.Rows, Result.Width, gradient, accumulate);
    }
}
