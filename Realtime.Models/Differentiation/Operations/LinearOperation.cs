namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class LinearOperation(Variable result, Variable x, Parameter weight, Parameter? bias) : Operation(result)
{
    public static Variable Run(Tape tape, Variable x, Parameter weight, Parameter? bias)
    {
        var packed = tape.Packed.Forward(weight);
        if (packed.Inputs != x.Width) throw new ArgumentException($"'{weight.Name}' takes {packed.Inputs} inputs, not {x.Width}.", nameof(weight));
        if (bias is not null && bias.Value.Length != packed.Outputs)
            throw new ArgumentException($"'{bias.Name}' has {bias.Value.Length} numbers for {packed.Outputs} outputs.", nameof(bias));
        var needsGradient = x.NeedsGradient || tape.Learns(weight) || (bias is not null && tape.Learns(bias));
        var result = tape.New(x.Rows, packed.Outputs, needsGradient);
        tape.Kernels.Product(
            x.ValuePointer, x.Width, x.Rows, packed, bias is null ? null : bias.Memory.Pointer, result.ValuePointer, packed.Outputs, accumulate: false);
        if (needsGradient) tape.Record(new LinearOperation(result, x, weight, bias));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var (outputs, rows) = (Result.Width, x.Rows);
        var flow = Result.Flow;
        if (tape.Learns(weight))
        {
            var scratch = tape.Scratch(tape.Kernels.TransposedProductScratch);
            tape.Kernels.AddTransposedProduct(flow, outputs, outputs, x.ValuePointer, x.Width, x.Width, rows, tape.GradientOf(weight), scratch);
        }

        if (bias is not null && tape.Learns(bias)) tape.Kernels.AddColumnSums(flow, outputs, rows, outputs, tape.GradientOf(bias));
        if (!x.NeedsGradient) return;
        var gradient = x.GradientToPut(out var accumulate);
        tape.Kernels.Product(flow, outputs, rows, tape.Packed.Back(weight), null, gradient, x.Width, accumulate);
    }
}
