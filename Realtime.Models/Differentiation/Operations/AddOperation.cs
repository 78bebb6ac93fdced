namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class AddOperation(Variable result, Variable a, Variable b) : Operation(result)
{
    public static Variable Run(Tape tape, Variable a, Variable b)
    {
        if ((a.Rows, a.Width) != (b.Rows, b.Width))
            throw new ArgumentException($"[{a.Rows}, {a.Width}] and [{b.Rows}, {b.Width}] do not add up.", nameof(b));
        var result = tape.New(a.Rows, a.Width, a.NeedsGradient || b.NeedsGradient);
        a.Value.CopyTo(result.Value);
        tape.Kernels.AddTo(result.ValuePointer, b.ValuePointer, a.Rows * a.Width);
        if (result.NeedsGradient) tape.Record(new AddOperation(result, a, b));
        return result;
    }

    public override void Backward(Tape tape)
    {
        Pass(tape, a);
        Pass(tape, b);
    }

    private void Pass(Tape tape, Variable term)
    {
        if (!term.NeedsGradient) return;
        var gradient = term.GradientToPut(out var accumulate);
        if (accumulate) tape.Kernels.AddTo(gradient, Result.Flow, term.Rows * term.Width);
        else Result.Gradient.CopyTo(term.Gradient);
    }
}
