namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override PackedHalfMatrix PackHalf(ReadOnlySpan<float> weight, int outputs, int inputs, ReadOnlySpan<float> bias)
    {
        Need(weight.Length == (long)outputs * inputs, "The weight is not [outputs, inputs].");
        Need(bias.Length == 0 || bias.Length == outputs, "The bias is not [outputs].");
        var packed = new PackedHalfMatrix(outputs, inputs, PanelWidth);
        var halves = (ushort*)packed.Words.Pointer;
        var vector = PanelWidth / 2;
        for (var output = 0; output < outputs; output++)
        {
            var (panel, column) = (output / PanelWidth, output % PanelWidth);
            var to = halves + (long)panel * PanelWidth * inputs + 2 * (column % vector) + (BitConverter.IsLittleEndian == column >= vector ? 1 : 0);
            for (var input = 0; input < inputs; input++) to[(long)input * PanelWidth] = BrainFloat.Round(weight[output * inputs + input]);
        }

        bias.CopyTo(packed.Bias.Span);
        return packed;
    }

    public override void Multiply(ReadOnlySpan<float> a, int aStride, int rows, PackedHalfMatrix weight, Span<float> c, int cStride, bool accumulate)
    {
        var (inputs, outputs) = (weight.Inputs, weight.Outputs);
        Need(weight.PanelWidth == PanelWidth, "The matrix was packed by another set of kernels.");
        Need(rows >= 0 && aStride >= inputs && cStride >= outputs, "A stride is shorter than its row.");
        if (rows == 0) return;
        Need(a.Length >= (rows - 1L) * aStride + inputs && c.Length >= (rows - 1L) * cStride + outputs, "A matrix is shorter than its rows.");
        var buffer = stackalloc float[4 * PanelWidthOf];
        fixed (float* pa = a, pc = c)
        {
            var left = new RowsOperand(pa, aStride, 1);
            var whole = outputs / PanelWidthOf;
            var panel = 0;
            for (; panel + ProductTiles.WidePanels <= whole; panel += ProductTiles.WidePanels) HalfPanels(left, rows, weight, panel, pc, cStride, accumulate);
            for (; panel < whole; panel++) HalfPanel(left, rows, weight, panel, pc + panel * PanelWidthOf, cStride, accumulate);
            if (panel == weight.Panels) return;

            // Columns that do not fill a panel come through a buffer, so that nothing behind them is touched.
            var first = panel * PanelWidthOf;
            for (var row = 0; row < rows; row += 4)
            {
                var count = Math.Min(4, rows - row);
                HalfPanel(left.From(row), count, weight, panel, buffer, PanelWidthOf, accumulate: false);
                for (var r = 0; r < count; r++)
                    for (var column = 0; column < outputs - first; column++)
                    {
                        var to = pc + (row + r) * (nint)cStride + first + column;
                        *to = accumulate ? *to + buffer[r * PanelWidthOf + column] : buffer[r * PanelWidthOf + column];
                    }
            }
        }
    }

    /// <summary>Several whole panels, chain by chain: rows four by four, and what is left one by one over all panels at once.</summary>
    private void HalfPanels(RowsOperand left, int rows, PackedHalfMatrix weight, int panel, float* c, nint cRow, bool accumulate)
    {
        var (depth, fours) = (weight.Inputs, rows / 4 * 4);
        var words = weight.Words.Pointer + (long)panel * TLanes.Count * depth;
        var bias = weight.Bias.Pointer + panel * PanelWidthOf;
        c += panel * PanelWidthOf;
        for (var k = 0; k < depth || k == 0; k += ProductTiles.ChainLength)
        {
            var chain = Math.Min(ProductTiles.ChainLength, depth - k);
            var (from, adds) = (left.After(k), accumulate || k > 0);
            var own = words + (nint)k * TLanes.Count;
            var begin = k == 0 ? bias : null;
            for (var i = 0; i < ProductTiles.WidePanels && fours > 0; i++)
            {
                var right = new PanelOperand(own + (nint)i * TLanes.Count * depth, TLanes.Count, begin is null ? null : begin + i * PanelWidthOf);
                for (var row = 0; row < fours; row += 4) tiles.HalfFour(from.From(row), chain, right, c + row * cRow + i * PanelWidthOf, cRow, adds);
            }

            for (var row = fours; row < rows; row++)
                tiles.HalfWide(from.From(row).Data, chain, own, (nint)TLanes.Count * depth, begin, c + row * cRow, adds);
        }
    }

    private void HalfPanel(RowsOperand left, int rows, PackedHalfMatrix weight, int panel, float* c, nint cRow, bool accumulate)
    {
        var depth = weight.Inputs;
        var right = new PanelOperand(weight.Words.Pointer + (long)panel * TLanes.Count * depth, TLanes.Count, weight.Bias.Pointer + panel * PanelWidthOf);
        for (var k = 0; k < depth || k == 0; k += ProductTiles.ChainLength)
        {
            var chain = Math.Min(ProductTiles.ChainLength, depth - k);
            if (k > 0) (left, right, accumulate) = (left.After(ProductTiles.ChainLength), right.After(ProductTiles.ChainLength), true);
            var row = 0;
            for (; row + 4 <= rows; row += 4) tiles.HalfFour(left.From(row), chain, right, c + row * cRow, cRow, accumulate);
            for (; row < rows; row++) tiles.HalfOne(left.From(row).Data, chain, right, c + row * cRow, accumulate);
        }
    }
}
