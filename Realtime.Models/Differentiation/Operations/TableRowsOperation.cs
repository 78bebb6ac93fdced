namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class TableRowsOperation(Variable result, Parameter table, int* rows) : Operation(result)
{
    public static Variable Run(Tape tape, Parameter table, ReadOnlySpan<int> rows)
    {
        RowIndex.Check(rows, table.Rows, $"table '{table.Name}'");
        var result = tape.New(rows.Length, table.Width, tape.Learns(table));
        RowIndex.Gather(table.Memory.Pointer, table.Width, rows, result.ValuePointer);
        if (result.NeedsGradient) tape.Record(new TableRowsOperation(result, table, tape.Keep(rows)));
        return result;
    }

    public override void Backward(Tape tape)
    {
        var skipped = table.Kind == ParameterKind.RowTable ? 0 : -1;
        RowIndex.Scatter(tape.Kernels, Result, new ReadOnlySpan<int>(rows, Result.Rows), skipped, tape.GradientOf(table));
    }
}
