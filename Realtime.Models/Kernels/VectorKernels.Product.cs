using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    // Rows of the left matrix that stay in the second-level cache while all panels pass.
    private const int ProductRows = 128;

    // Columns of the left matrix whose tiles stay in the second-level cache while all panels of the right one pass.
    private const int TransposedColumns = 128;

    internal override int TransposedProductScratch =>
        (TransposedColumns + PanelWidthOf) * ProductTiles.ChainLength + TLanes.TileRows * PanelWidthOf;

    internal override void Repack(ReadOnlySpan<float> weight, bool transposed, PackedMatrix packed)
    {
        Need(packed.PanelWidth == PanelWidth && weight.Length == (long)packed.Outputs * packed.Inputs, "The matrix was made for another weight or set of kernels.");
        fixed (float* from = weight)
        {
            if (transposed) PackValues(from, packed.Outputs, packed.Inputs, packed.Outputs, packed.Weights.Pointer);
            else PackKeys(from, packed.Inputs, packed.Outputs, packed.Inputs, packed.Weights.Pointer);
        }
    }

    internal override void Product(float* a, nint aStride, int rows, PackedMatrix weight, float* bias, float* c, nint cStride, bool accumulate)
    {
        var (inputs, outputs) = (weight.Inputs, weight.Outputs);
        var lastBias = stackalloc float[PanelWidthOf];
        var last = outputs / PanelWidthOf * PanelWidthOf;
        if (bias is not null) new ReadOnlySpan<float>(bias + last, outputs - last).CopyTo(new Span<float>(lastBias, PanelWidthOf));
        for (var row = 0; row < rows; row += ProductRows)
        {
            var count = Math.Min(ProductRows, rows - row);
            var left = new RowsOperand(a + row * aStride, aStride, 1);
            var panel = HasWideTiles(count) ? WidePanels(left, count, weight, bias, c + row * cStride, cStride, accumulate) : 0;
            for (; panel < weight.Panels; panel++)
            {
                var first = panel * PanelWidthOf;
                var panelBias = bias is null ? null : first == last ? lastBias : bias + first;
                var right = new PanelOperand(weight.Weights.Pointer + (long)first * inputs, PanelWidthOf, panelBias);
                Panel(left, count, inputs, right, c + row * cStride + first, cStride, Math.Min(PanelWidthOf, outputs - first), accumulate, After(weight, panel + 1));
            }
        }
    }

    internal override void AddTransposedProduct(float* a, nint aStride, int m, float* b, nint bStride, int n, int rows, float* c, float* scratch)
    {
        // NB: both sides are copied in the order of the tiles: columns of wide rows share few sets of the cache.
        var leftTiles = scratch;
        var panel = leftTiles + TransposedColumns * ProductTiles.ChainLength;
        var rest = panel + PanelWidthOf * ProductTiles.ChainLength;
        for (var row = 0; row < rows; row += ProductTiles.ChainLength)
        {
            var depth = Math.Min(ProductTiles.ChainLength, rows - row);
            for (var column = 0; column < m; column += TransposedColumns)
            {
                var columns = Math.Min(TransposedColumns, m - column);
                PackTiles(a + row * aStride + column, aStride, depth, columns, leftTiles);
                for (var first = 0; first < n; first += PanelWidthOf)
                {
                    var width = Math.Min(PanelWidthOf, n - first);
                    PackValues(b + row * bStride + first, bStride, depth, width, panel);
                    AddTiles(leftTiles, columns, depth, new PanelOperand(panel, PanelWidthOf, null), c + (nint)column * n + first, n, width, rest);
                }
            }
        }
    }

    /// <summary>Columns of a matrix as tiles, each [depth, tile rows], the last one padded with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTiles(float* a, nint stride, int depth, int columns, float* to)
    {
        var tile = TLanes.TileRows;
        var column = 0;
        for (; column + tile <= columns; column += tile)
        {
            var from = a + column;
            for (var k = 0; k < depth; k++, from += stride, to += tile) Unsafe.CopyBlockUnaligned(to, from, (uint)(TLanes.TileRows * sizeof(float)));
        }

        if (column == columns) return;
        var left = columns - column;
        for (var k = 0; k < depth; k++, to += tile)
        {
            for (var i = 0; i < tile; i++) to[i] = i < left ? a[k * stride + column + i] : 0;
        }
    }

    private void AddTiles(float* leftTiles, int columns, int depth, PanelOperand right, float* c, nint cRow, int width, float* rest)
    {
        var tile = TLanes.TileRows;
        for (var column = 0; column < columns; column += tile)
        {
            var left = new RowsOperand(leftTiles + (nint)column * depth, 1, tile);
            var target = c + column * cRow;
            if (width == PanelWidthOf && column + tile <= columns)
            {
                Tile(left, depth, right, target, cRow, accumulate: true);
                continue;
            }

            Tile(left, depth, right, rest, PanelWidthOf, accumulate: false);
            for (var row = 0; row < Math.Min(tile, columns - column); row++)
                for (var i = 0; i < width; i++) target[row * cRow + i] += rest[row * PanelWidthOf + i];
        }
    }

    private void Tile(RowsOperand left, int depth, PanelOperand right, float* c, nint cRow, bool accumulate)
    {
        if (TLanes.TileRows == 8) tiles.Eight(left, 1, depth, right, c, cRow, accumulate, Prefetch.Nothing(right));
        else tiles.Four(left, 1, depth, right, c, cRow, accumulate, Prefetch.Nothing(right));
    }
}
