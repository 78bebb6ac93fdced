using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation.Operations;

/// <summary>In place, so its result is what went in.</summary>
internal sealed unsafe class RotateOperation(Variable x, int firstColumn, int heads, int headDim, RotaryTable table, int* tableRows, bool back) : Operation(x)
{
    public static void Run(Tape tape, Variable x, int firstColumn, int heads, int headDim, RotaryTable table, ReadOnlySpan<int> tableRows, bool back)
    {
        if (firstColumn < 0 || heads < 0 || headDim < table.Width || firstColumn + (long)heads * headDim > x.Width)
            throw new ArgumentException($"{heads} heads of {headDim} from column {firstColumn} do not fit rows of {x.Width}, or turn fewer channels than the table's {table.Width}.", nameof(heads));
        if (tableRows.Length != x.Rows) throw new ArgumentException($"{tableRows.Length} rows of the table for {x.Rows} rows.", nameof(tableRows));
        RowIndex.Check(tableRows, table.Rows, "the table");
        fixed (int* rows = tableRows) tape.Kernels.RotateRows(x.ValuePointer + firstColumn, x.Width, heads, headDim, table, rows, x.Rows, back);
        if (x.NeedsGradient) tape.Record(new RotateOperation(x, firstColumn, heads, headDim, table, tape.Keep(tableRows), back));
    }

    public override void Backward(Tape tape) =>
        tape.Kernels.RotateRows(Result.Flow + firstColumn, Result.Width, heads, headDim, table, tableRows, Result.Rows, !back);
}
