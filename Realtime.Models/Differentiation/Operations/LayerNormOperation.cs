namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class LayerNormOperation(Variable result, Variable x, Parameter gain, Parameter bias) : Operation(result)
{
    public static Variable Run(Tape tape, Variable x, Parameter gain, Parameter bias)
    {
        if (gain.Value.Length != x.Width || bias.Value.Length != x.Width)
            throw new ArgumentException($"'{gain.Name}' and '{bias.Name}' do not have {x.Width} numbers.", nameof(gain));
        var result = tape.New(x.Rows, x.Width, x.NeedsGradient || tape.Learns(gain) || tape.Learns(bias));
        tape.Kernels.LayerNorm(x.Value, x.Rows, x.Width, gain.Value, bias.Value, result.Value);
        if (result.NeedsGradient) tape.Record(new LayerNormOperation(result, x, gain, bias));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var accumulate = false;
        var gradient = x.NeedsGradient ? x.GradientToPut(out accumulate) : null;
        tape.Kernels.LayerNormGradient(
            x.ValuePointer, Result.Flow, x.Rows, x.Width, gain.Memory.Pointer, gradient, accumulate, tape.GradientOf(gain), tape.GradientOf(bias));
    }
}
