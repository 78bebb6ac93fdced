using System.Numerics.Tensors;

namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class MeanRowsOperation(Variable result, Variable x, int groupRows) : Operation(result)
{
    public static Variable Run(Tape tape, Variable x, int groupRows)
    {
        if (groupRows < 1 || x.Rows % groupRows != 0) throw new ArgumentException($"{x.Rows} rows are not whole groups of {groupRows}.", nameof(groupRows));
        var result = tape.New(x.Rows / groupRows, x.Width, x.NeedsGradient);
        result.Value.Clear();
        for (var group = 0; group < result.Rows; group++)
        {
            var from = x.ValuePointer + (nint)group * groupRows * x.Width;
            tape.Kernels.AddColumnSums(from, x.Width, groupRows, x.Width, result.ValuePointer + (nint)group * x.Width);
        }

        TensorPrimitives.Divide(result.Value, (float)groupRows, result.Value);
        if (result.NeedsGradient) tape.Record(new MeanRowsOperation(result, x, groupRows));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var gradient = x.GradientToAddTo();
        var width = x.Width;
        var share = tape.Scratch(width);
        for (var group = 0; group < Result.Rows; group++)
        {
            TensorPrimitives.Divide(Result.Gradient.Slice(group * width, width), (float)groupRows, new Span<float>(share, width));
            for (var row = 0; row < groupRows; row++, gradient += width) tape.Kernels.AddTo(gradient, share, width);
        }
    }
}
