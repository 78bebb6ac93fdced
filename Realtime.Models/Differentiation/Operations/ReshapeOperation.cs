namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class ReshapeOperation(Variable result, Variable x) : Operation(result)
{
    public static Variable Run(Tape tape, Variable x, int rows, int width)
    {
        if ((long)rows * width != (long)x.Rows * x.Width) throw new ArgumentException($"[{x.Rows}, {x.Width}] does not fill [{rows}, {width}].", nameof(rows));
        if ((rows, width) == (x.Rows, x.Width)) return x;
        var result = tape.New(rows, width, x.NeedsGradient);
        x.Value.CopyTo(result.Value);
        if (result.NeedsGradient) tape.Record(new ReshapeOperation(result, x));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var gradient = x.GradientToPut(out var accumulate);
        if (accumulate) tape.Kernels.AddTo(gradient, Result.Flow, x.Rows * x.Width);
        else Result.Gradient.CopyTo(x.Gradient);
    }
}
