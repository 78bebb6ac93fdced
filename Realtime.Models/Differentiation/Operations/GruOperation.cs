namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class GruOperation(Variable result, Variable x, GruParameters layer, int sequences, float* gates, float* hiddenN) : Operation(result)
{
    public static Variable Run(Tape tape, Variable x, GruParameters layer, int sequences)
    {
        var toInput = tape.Packed.Forward(layer.InputWeight);
        var toHidden = tape.Packed.Forward(layer.HiddenWeight);
        var width = toHidden.Inputs;
        if (sequences < 1 || x.Rows % sequences != 0) throw new ArgumentException($"{x.Rows} rows are not whole steps of {sequences} sequences.", nameof(sequences));
        if (toInput.Inputs != x.Width || toInput.Outputs != 3 * width || toHidden.Outputs != 3 * width
            || layer.InputBias.Value.Length != 3 * width || layer.HiddenBias.Value.Length != 3 * width)
            throw new ArgumentException($"'{layer.InputWeight.Name}' and its three companions do not fit inputs of {x.Width} and a state of {width}.", nameof(layer));

        var needsGradient = x.NeedsGradient || tape.Learns(layer.InputWeight) || tape.Learns(layer.HiddenWeight)
            || tape.Learns(layer.InputBias) || tape.Learns(layer.HiddenBias);
        var result = tape.New(x.Rows, width, needsGradient);
        var gates = tape.Keep(checked(x.Rows * 3 * width));
        var hiddenN = tape.Keep(x.Rows * width);
        var kernels = tape.Kernels;
        kernels.Product(x.ValuePointer, x.Width, x.Rows, toInput, layer.InputBias.Memory.Pointer, gates, 3 * width, accumulate: false);
        var hidden = tape.Scratch(sequences * 4 * width);
        var before = hidden + sequences * 3 * width;
        new Span<float>(before, sequences * width).Clear();
        for (var first = 0; first < x.Rows; first += sequences)
        {
            kernels.Product(before, width, sequences, toHidden, layer.HiddenBias.Memory.Pointer, hidden, 3 * width, accumulate: false);
            var state = result.ValuePointer + (nint)first * width;
            for (var i = 0; i < sequences; i++)
            {
                var row = first + (nint)i;
                kernels.GruForward(gates + row * 3 * width, hidden + i * 3 * width, before + i * width, state + i * width, hiddenN + row * width, width);
            }

            before = state;
        }

        if (needsGradient) tape.Record(new GruOperation(result, x, layer, sequences, gates, hiddenN));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var (rows, width, kernels) = (x.Rows, Result.Width, tape.Kernels);
        var dInput = tape.Keep(rows * 3 * width);
        var dHidden = tape.Keep(rows * 3 * width);
        Unroll(tape, dInput, dHidden);
        var scratch = tape.Scratch(kernels.TransposedProductScratch);
        if (tape.Learns(layer.InputWeight))
            kernels.AddTransposedProduct(dInput, 3 * width, 3 * width, x.ValuePointer, x.Width, x.Width, rows, tape.GradientOf(layer.InputWeight), scratch);
        if (tape.Learns(layer.HiddenWeight))
        {
            // The state before the first step is 0.
            var later = dHidden + (nint)sequences * 3 * width;
            kernels.AddTransposedProduct(later, 3 * width, 3 * width, Result.ValuePointer, width, width, rows - sequences, tape.GradientOf(layer.HiddenWeight), scratch);
        }

        if (tape.Learns(layer.InputBias)) kernels.AddColumnSums(dInput, 3 * width, rows, 3 * width, tape.GradientOf(layer.InputBias));
        if (tape.Learns(layer.HiddenBias)) kernels.AddColumnSums(dHidden, 3 * width, rows, 3 * width, tape.GradientOf(layer.HiddenBias));
        if (!x.NeedsGradient) return;
        var gradient = x.GradientToPut(out var accumulate);
        kernels.Product(dInput, 3 * width, rows, tape.Packed.Back(layer.InputWeight), null, gradient, x.Width, accumulate);
    }

    /// <summary>Steps from the last to the first.</summary>
    private void Unroll(Tape tape, float* dInput, float* dHidden)
    {
        var (width, kernels) = (Result.Width, tape.Kernels);
        var back = tape.Packed.Back(layer.HiddenWeight);
        var carry = tape.Scratch(sequences * 2 * width);
        var zero = carry + sequences * width;
        new Span<float>(carry, sequences * 2 * width).Clear();
        for (var first = x.Rows - sequences; first >= 0; first -= sequences)
        {
            for (var i = 0; i < sequences; i++)
            {
                var row = first + (nint)i;
                var before = first == 0 ? zero : Result.ValuePointer + (row - sequences) * width;
                kernels.GruBackward(
                    gates + row * 3 * width, hiddenN + row * width, before, Result.Flow + row * width, carry + i * width,
                    dInput + row * 3 * width, dHidden + row * 3 * width, width);
            }

            if (first > 0) kernels.Product(dHidden + (nint)first * 3 * width, 3 * width, sequences, back, null, carry, width, accumulate: true);
        }
    }
}
