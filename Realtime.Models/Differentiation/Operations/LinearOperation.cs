using Realtime.Models.Kernels;

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
        var (outputs, inputs, kernels) = (Result.Width, x.Width, tape.Kernels);
        var weightGradient = tape.GradientOf(weight);
        var biasGradient = bias is null ? null : tape.GradientOf(bias);
        var accumulate = false;
        var gradient = x.NeedsGradient ? x.GradientToPut(out accumulate) : null;
        var scratch = tape.Scratch(kernels.TransposedProductScratch);

        // All uses of some rows before the next ones, so that they come from memory once. NB: the weight's sums are cut at the same rows anyway.
        for (var row = 0; row < x.Rows; row += ProductTiles.ChainLength)
        {
            var rows = Math.Min(ProductTiles.ChainLength, x.Rows - row);
            var flow = Result.Flow + (nint)row * outputs;
            var from = x.ValuePointer + (nint)row * inputs;
            if (weightGradient is not null) kernels.AddTransposedProduct(flow, outputs, outputs, from, inputs, inputs, rows, weightGradient, scratch);
            if (biasGradient is not null) kernels.AddColumnSums(flow, outputs, rows, outputs, biasGradient);
            if (gradient is not null) kernels.Product(flow, outputs, rows, tape.Packed.Back(weight), null, gradient + (nint)row * inputs, inputs, accumulate);
        }
    }
}
