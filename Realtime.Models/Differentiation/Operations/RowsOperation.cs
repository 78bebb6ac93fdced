namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class RowsOperation(Variable result, Variable x, int* rows) : Operation(result)
{
    public static Variable Run(Tape tape, Variable x, ReadOnlySpan<int> rows)
    {
        RowIndex.Check(rows, x.Rows, "a result");
        var result = tape.New(rows.Length, x.Width, x.NeedsGradient);
        RowIndex.Gather(x.ValuePointer, x.Width, rows, result.ValuePointer);
        if (result.NeedsGradient) tape.Record(new RowsOperation(result, x, tape.Keep(rows)));
        return result;
    }

    public override void Backward(Tape tape) =>
        RowIndex.Scatter(tape.Kernels, Result, new ReadOnlySpan<int>(rows, Result.Rows), -1, x.GradientToAddTo());
}
