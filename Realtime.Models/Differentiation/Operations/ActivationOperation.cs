namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class ActivationOperation(Variable result, Variable x, Activation kind, float scale) : Operation(result)
{
    /// <param name="tape">Records.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="kind">Which function.</param>
    /// <param name="scale">Of softsign.</param>
    public static Variable Run(Tape tape, Variable x, Activation kind, double scale = 1)
    {
        var (result, factor) = (tape.New(x.Rows, x.Width, x.NeedsGradient), (float)scale);
        if (kind == Activation.Gelu) tape.Kernels.Gelu(x.Value, result.Value);
        else if (kind == Activation.Softsign) tape.Kernels.Softsign(x.Value, factor, result.Value);
        else tape.Kernels.Relu(x.Value, result.Value);
        if (result.NeedsGradient) tape.Record(new ActivationOperation(result, x, kind, factor));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var gradient = x.GradientToPut(out var accumulate);
        var (kernels, length) = (tape.Kernels, x.Rows * x.Width);
        if (kind == Activation.Gelu) kernels.GeluGradient(x.ValuePointer, Result.Flow, length, gradient, accumulate);
        else if (kind == Activation.Softsign) kernels.SoftsignGradient(x.ValuePointer, Result.Flow, length, scale, gradient, accumulate);
        else kernels.ReluGradient(x.ValuePointer, Result.Flow, length, gradient, accumulate);
    }
}
