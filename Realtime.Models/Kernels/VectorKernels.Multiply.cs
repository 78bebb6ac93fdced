namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    // Fewer rows than four tiles' leave too few steps to fetch two panels a line at a time; and from 20 on tiles of five and six make up any number.
    private const int LeastWideRows = 24;

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
                for (; panel + ProductTiles.WidePanels <= outputs / PanelWidth; panel += ProductTiles.WidePanels)
                {
                    var first = panel * PanelWidth;
                    tiles.WideRow(pa, inputs, weight.Weights.Pointer + (long)first * inputs, weight.Bias.Pointer + first, pc + first, accumulate);
                }
            }

            var left = new RowsOperand(pa, aStride, 1);
            if (HasWideTiles(rows)) panel = WidePanels(left, rows, weight, weight.Bias.Pointer, pc, cStride, accumulate);
            for (; panel < weight.Panels; panel++)
            {
                var first = panel * PanelWidth;
                var b = new PanelOperand(weight.Weights.Pointer + (long)first * inputs, PanelWidth, weight.Bias.Pointer + first);
                Panel(left, rows, inputs, b, pc + first, cStride, Math.Min(PanelWidth, outputs - first), accumulate, After(weight, panel + 1));
            }
        }
    }

    /// <summary>The panel that is read after others, of this matrix or of the one that is multiplied with next; null where nobody knows.</summary>
    private static float* After(PackedMatrix weight, int panel) =>
        panel < weight.Panels ? weight.Weights.Pointer + (long)panel * PanelWidthOf * weight.Inputs : weight.Next is { } next ? next.Weights.Pointer : null;

    /// <summary>All panels that are whole, two at a time.</summary>
    /// <returns>The first panel that is left.</returns>
    private int WidePanels(RowsOperand a, int rows, PackedMatrix weight, float* bias, float* c, nint cRow, bool accumulate)
    {
        var panel = 0;
        for (; (panel + 2) * PanelWidthOf <= weight.Outputs; panel += 2)
        {
            var first = panel * PanelWidthOf;
            var b = new PanelOperand(weight.Weights.Pointer + (long)first * weight.Inputs, PanelWidthOf, bias is null ? null : bias + first);
            WidePanel(a, rows, weight.Inputs, b, PanelWidthOf * (nint)weight.Inputs, c + first, cRow, accumulate, After(weight, panel + 2));
        }

        return panel;
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
    private void Panel(RowsOperand a, int rows, int depth, PanelOperand b, float* c, nint cRow, int columns, bool accumulate, float* ahead = null)
    {
        if (columns < PanelWidthOf)
        {
            NarrowPanel(a, rows, depth, b, c, cRow, columns, accumulate);
            return;
        }

        for (var k = 0; k < depth || k == 0; k += ProductTiles.ChainLength)
        {
            var chain = Math.Min(ProductTiles.ChainLength, depth - k);
            if (k > 0) (a, b, accumulate) = (a.After(ProductTiles.ChainLength), b.After(ProductTiles.ChainLength), true);
            Rows(a, rows, chain, b, c, cRow, accumulate, ahead is null ? null : ahead + k * (nint)PanelWidthOf);
        }
    }

    /// <summary>Whether tiles of two panels pay.</summary>
    private static bool HasWideTiles(int rows) => TLanes.TileRows == 8 && rows >= LeastWideRows;

    /// <summary>Two whole panels of columns, the second one <paramref name="panel"/> numbers behind the first. See <see cref="Panel"/>.</summary>
    private void WidePanel(RowsOperand a, int rows, int depth, PanelOperand b, nint panel, float* c, nint cRow, bool accumulate, float* ahead = null)
    {
        var fives = (6 - rows % 6) % 6;
        var sixes = (rows - 5 * fives) / 6;
        for (var k = 0; k < depth || k == 0; k += ProductTiles.ChainLength)
        {
            var chain = Math.Min(ProductTiles.ChainLength, depth - k);
            if (k > 0) (a, b, accumulate) = (a.After(ProductTiles.ChainLength), b.After(ProductTiles.ChainLength), true);
            var fetch = ahead is null ? Prefetch.Nothing(b) : Prefetch.Over(ahead + k * (nint)(2 * PanelWidthOf), 2 * PanelWidthOf, sixes + fives);
            tiles.WideSix(a, sixes, chain, b, panel, c, cRow, accumulate, fetch);
            tiles.WideFive(a.From(6 * sixes), fives, chain, b, panel, c + 6 * sixes * cRow, cRow, accumulate, fetch.After(sixes * chain));
        }
    }

    /// <summary>One chain of <see cref="Panel"/>.</summary>
    private void Rows(RowsOperand a, int rows, int depth, PanelOperand b, float* c, nint cRow, bool accumulate, float* ahead)
    {
        if (rows < 4)
        {
            for (var row = 0; row < rows; row++) tiles.One(a.From(row), depth, b, c + row * cRow, accumulate);
            return;
        }

        var tileRows = rows < TLanes.TileRows ? 4 : TLanes.TileRows;
        var count = rows / tileRows;
        Tiles(tileRows, a, count, depth, b, c, cRow, accumulate, ahead is null ? Prefetch.Nothing(b) : Prefetch.Over(ahead, PanelWidthOf, count));

        // NB: a row alone takes as long as four, and an element's bits are the same in every tile: rows that do not fill one end a tile that begins before them.
        var left = rows % tileRows;
        if (left == 4) Tiles(4, a.From(rows - 4), 1, depth, b, c + (rows - 4) * cRow, cRow, accumulate, Prefetch.Nothing(b));
        else if (left > 0) LastRows(left < 4 ? 4 : tileRows, a, rows, left, depth, b, c, cRow, accumulate);
    }

    private void Tiles(int tileRows, RowsOperand a, int count, int depth, PanelOperand b, float* c, nint cRow, bool accumulate, Prefetch ahead)
    {
        if (tileRows == 8) tiles.Eight(a, count, depth, b, c, cRow, accumulate, ahead);
        else tiles.Four(a, count, depth, b, c, cRow, accumulate, ahead);
    }

    /// <summary>The last few rows, by a tile that ends with them. NB: what it computes again must not be added again, hence the buffer.</summary>
    private void LastRows(int tileRows, RowsOperand a, int rows, int count, int depth, PanelOperand b, float* c, nint cRow, bool accumulate)
    {
        var buffer = stackalloc float[8 * PanelWidthOf];
        Tiles(tileRows, a.From(rows - tileRows), 1, depth, b, buffer, PanelWidthOf, accumulate: false, Prefetch.Nothing(b));
        var from = buffer + (tileRows - count) * PanelWidthOf;
        var to = c + (rows - count) * cRow;
        for (; count > 0; count--, from += PanelWidthOf, to += cRow)
        {
            for (var i = 0; i < PanelWidthOf; i += TLanes.Count)
            {
                var sum = TLanes.Load(from + i);
                TLanes.Store(to + i, accumulate ? TLanes.Add(TLanes.Load(to + i), sum) : sum);
            }
        }
    }

    /// <summary>A panel that is wider than the columns left: through a buffer, so that nothing behind them is touched.</summary>
    private void NarrowPanel(RowsOperand a, int rows, int depth, PanelOperand b, float* c, nint cRow, int columns, bool accumulate)
    {
        var width = PanelWidthOf;
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
