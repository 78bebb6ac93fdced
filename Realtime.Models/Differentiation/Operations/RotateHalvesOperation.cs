using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation.Operations;

/// <summary>In place, so its result is what went in. The same loops for every set of kernels.</summary>
internal sealed unsafe class RotateHalvesOperation(Variable x, int heads, RotaryTable table, int* tableRows) : Operation(x)
{
    public static void Run(Tape tape, Variable x, int heads, RotaryTable table, ReadOnlySpan<int> tableRows)
    {
        if (heads < 1 || x.Width != heads * table.Width)
            throw new ArgumentException($"{heads} heads of the table's {table.Width} channels do not make rows of {x.Width}.", nameof(heads));
        if (tableRows.Length != x.Rows) throw new ArgumentException($"{tableRows.Length} rows of the table for {x.Rows} rows.", nameof(tableRows));
        RowIndex.Check(tableRows, table.Rows, "the table");
        fixed (int* rows = tableRows) Turn(x.ValuePointer, x.Rows, heads, table, rows, sign: 1);
        if (x.NeedsGradient) tape.Record(new RotateHalvesOperation(x, heads, table, tape.Keep(tableRows)));
    }

    public override void Backward(Tape tape) => Turn(Result.Flow, Result.Rows, heads, table, tableRows, sign: -1);

    private static void Turn(float* x, int rows, int heads, RotaryTable table, int* tableRows, float sign)
    {
        var (width, pairs) = (table.Width, table.Width / 2);
        for (var row = 0; row < rows; row++)
        {
            var cos = table.Cos.Slice(tableRows[row] * width, width);
            var sin = table.Sin.Slice(tableRows[row] * width, width);
            for (var head = 0; head < heads; head++, x += width)
            {
                for (var pair = 0; pair < pairs; pair++)
                {
                    // The table holds each sine twice, the first time negated.
                    var (c, s) = (cos[2 * pair], sign * sin[2 * pair + 1]);
                    var (a, b) = (x[pair], x[pairs + pair]);
                    x[pair] = a * c - b * s;
                    x[pairs + pair] = b * c + a * s;
                }
            }
        }
    }
}
