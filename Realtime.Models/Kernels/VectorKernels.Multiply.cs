using System.Runtime.Intrinsics.X86;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    // Longer sums are put together from chains of this length: their rounding errors grow with the chain, and a chain's part of a panel stays
    // in the first-level cache.
    private const int ChainLength = 256;

    public override PackedMatrix Pack(ReadOnlySpan<float> weight, int outputs, int inputs, ReadOnlySpan<float> bias)
    {
        Need(weight.Length == (long)outputs * inputs, "The weight is not [outputs, inputs].");
        Need(bias.Length == 0 || bias.Length == outputs, "The bias is not [outputs].");
        var packed = new PackedMatrix(outputs, inputs, PanelWidth);
        var panels = packed.Weights.Span;
        for (var output = 0; output < outputs; output++)
        {
            var panel = output / PanelWidth * inputs * PanelWidth + output % PanelWidth;
            for (var input = 0; input < inputs; input++) panels[panel + input * PanelWidth] = weight[output * inputs + input];
        }

        bias.CopyTo(packed.Bias.Span);
        return packed;
    }

    public override void Multiply(ReadOnlySpan<float> a, int aStride, int rows, PackedMatrix weight, Span<float> c, int cStride, bool accumulate)
    {
        var (inputs, outputs) = (weight.Inputs, weight.Outputs);
        Need(weight.PanelWidth == PanelWidth, "The matrix was packed by another set of kernels.");
        Need(rows >= 0 && aStride >= inputs && cStride >= outputs, "A stride is shorter than its row.");
        if (rows == 0) return;
        Need(a.Length >= (rows - 1L) * aStride + inputs && c.Length >= (rows - 1L) * cStride + outputs, "A matrix is shorter than its rows.");
        fixed (float* pa = a, pc = c)
        {
            var panel = 0;
            if (rows == 1)
            {
                for (; panel + WidePanels <= outputs / PanelWidth; panel += WidePanels)
                {
                    var first = panel * PanelWidth;
                    WideRow(pa, inputs, weight.Weights.Pointer + (long)first * inputs, weight.Bias.Pointer + first, pc + first, accumulate);
                }
            }

            for (; panel < weight.Panels; panel++)
            {
                var first = panel * PanelWidth;
                var b = new PanelOperand(weight.Weights.Pointer + (long)first * inputs, PanelWidth, weight.Bias.Pointer + first);
                var ahead = panel + 1 < weight.Panels ? b.Data + (long)PanelWidth * inputs : null;
                Panel(new RowsOperand(pa, aStride, 1), rows, inputs, b, pc + first, cStride, Math.Min(PanelWidth, outputs - first), accumulate, ahead);
            }
        }
    }

    /// <summary>One panel of columns of C = A B + bias, or C += A B + bias, for all rows of A.</summary>
    /// <param name="a">The left matrix.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="b">A whole panel's width is read.</param>
    /// <param name="c">The panel's first column of the output.</param>
    /// <param name="cRow">Distance of rows of C.</param>
    /// <param name="columns">Columns to write, up to a panel's width.</param>
    /// <param name="accumulate">Add to C.</param>
    /// <param name="ahead">The panel that comes next, fetched into the cache meanwhile, or null.</param>
    private static void Panel(RowsOperand a, int rows, int depth, PanelOperand b, float* c, nint cRow, int columns, bool accumulate, float* ahead = null)
    {
        if (columns < 2 * TLanes.Count)
        {
            NarrowPanel(a, rows, depth, b, c, cRow, columns, accumulate);
            return;
        }

        for (var k = 0; k < depth || k == 0; k += ChainLength)
        {
            var chain = Math.Min(ChainLength, depth - k);
            if (k > 0) (a, b, accumulate) = (a.After(ChainLength), b.After(ChainLength), true);
            var row = 0;
            if (TLanes.TileRows == 8)
            {
                for (; row + 8 <= rows; row += 8)
                {
                    Tile8(a.From(row), chain, b, c + row * cRow, cRow, accumulate);
                    if (ahead is not null) ahead = Fetch(ahead, 2 * TLanes.Count * 8L * chain / rows);
                }
            }

            for (; row + 4 <= rows; row += 4) Tile4(a.From(row), chain, b, c + row * cRow, cRow, accumulate);
            for (; row < rows; row++) Tile1(a.From(row), chain, b, c + row * cRow, accumulate);
        }
    }

    /// <summary>Asks for some numbers to be brought near, without waiting.</summary>
    /// <returns>The address behind them.</returns>
    private static float* Fetch(float* address, long count)
    {
        const int line = 16;
        if (Sse.IsSupported)
            for (var i = 0L; i < count; i += line) Sse.Prefetch0(address + i);
        return address + count;
    }

    /// <summary>A panel that is wider than the columns left: through a buffer, so that nothing behind them is touched.</summary>
    private static void NarrowPanel(RowsOperand a, int rows, int depth, PanelOperand b, float* c, nint cRow, int columns, bool accumulate)
    {
        var width = 2 * TLanes.Count;
        var buffer = stackalloc float[8 * width];
        for (var row = 0; row < rows; row += 8)
        {
            var count = Math.Min(8, rows - row);
            Panel(a.From(row), count, depth, b, buffer, width, width, accumulate: false);
            for (var r = 0; r < count; r++)
            {
                var from = buffer + r * width;
                var to = c + (row + r) * cRow;
                for (var column = 0; column < columns; column++) to[column] = accumulate ? to[column] + from[column] : from[column];
            }
        }
    }
}
