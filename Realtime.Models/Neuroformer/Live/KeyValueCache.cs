using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// Keys and values of one layer, kept in the order that attention reads them, so that neither a new row nor a new query copies the others.
/// Distinct rows may be written by distinct threads; any number may read.
/// </summary>
internal sealed unsafe class KeyValueCache
{
    // Blocks of a causal scope have at least so many rows: what is done once for a block of scores must not outweigh what it saves.
    private const int CausalRows = 24;

    private readonly KernelSet _kernels;
    private readonly int _heads;
    private readonly int _headDim;
    private readonly int _rows;
    private readonly int _headSize;
    private readonly AlignedFloats _keys;
    private readonly AlignedFloats _values;

    public KeyValueCache(int rows, int heads, int headDim, KernelSet kernels)
    {
        (_kernels, _heads, _headDim, _rows) = (kernels, heads, headDim, rows);
        _headSize = checked((rows + kernels.PanelWidth - 1) / kernels.PanelWidth * kernels.PanelWidth * headDim);
        _keys = new AlignedFloats(checked(heads * _headSize));
        _values = new AlignedFloats(checked(rows * heads * headDim));
    }

    private int Width => _heads * _headDim;

    /// <summary>Puts keys [rows, width] in their places.</summary>
    public void PutKeys(ReadOnlySpan<float> keys, int first, int rows)
    {
        var panelWidth = _kernels.PanelWidth;
        fixed (float* from = keys[..(rows * Width)])
        {
            for (var row = 0; row < rows;)
            {
                // Four at a time where they stand in one panel: a key alone touches a line of the cache for each of its numbers.
                var (panel, column) = Math.DivRem(first + row, panelWidth);
                var count = rows - row >= 4 && column <= panelWidth - 4 ? 4 : 1;
                for (var head = 0; head < _heads; head++)
                {
                    var source = from + (nint)row * Width + head * _headDim;
                    var target = _keys.Pointer + (nint)head * _headSize + (nint)panel * panelWidth * _headDim + column;
                    if (count == 4) Transpose4.Columns(source, Width, _headDim, target, panelWidth);
                    else for (var i = 0; i < _headDim; i++) target[i * panelWidth] = source[i];
                }

                row += count;
            }
        }
    }

    /// <summary>Puts values [rows, width] in their places.</summary>
    public void PutValues(ReadOnlySpan<float> values, int first, int rows)
    {
        // NB: head by head: rows of all heads lie so far apart that they would share few sets of the cache.
        for (var row = 0; row < rows; row++)
            for (var head = 0; head < _heads; head++)
                values.Slice(row * Width + head * _headDim, _headDim).CopyTo(_values.Span[((head * _rows + first + row) * _headDim)..]);
    }

    /// <summary>Attention of some rows. A row's bits depend on neither the other rows nor on keys that its scope hides from it.</summary>
    /// <param name="queries">[rows, width], scaled.</param>
    /// <param name="first">Place of the first row in a causal scope.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="scope">What they see.</param>
    /// <param name="output">[rows, width].</param>
    /// <param name="scratch">The calling thread's.</param>
    public void Attend(ReadOnlySpan<float> queries, int first, int rows, KeyScope scope, Span<float> output, AttendScratch scratch)
    {
        output[..(rows * Width)].Clear();

        // Rows of a causal scope in a few blocks, so that no block reads many keys that none of its rows sees.
        var blocks = scope.IsCausal ? Math.Max(1, rows / CausalRows) : 1;
        fixed (float* q = queries, sums = output)
        {
            for (var head = 0; head < _heads; head++)
                for (var block = 0; block < blocks; block++)
                {
                    var (from, end) = (rows * block / blocks, rows * (block + 1) / blocks);
                    AttendBlock(q + (nint)from * Width, head, first + from, end - from, scope, sums + (nint)from * Width, scratch);
                }
        }
    }

    private void AttendBlock(float* queries, int head, int first, int rows, KeyScope scope, float* output, AttendScratch scratch)
    {
        scratch.Top.AsSpan(0, rows).Fill(float.NegativeInfinity);
        scratch.Weight.AsSpan(0, rows).Clear();
        fixed (float* top = scratch.Top, weight = scratch.Weight)
        {
            var part = new PartialAttention
            {
                Queries = queries + head * _headDim,
                QueryStride = Width,
                Rows = rows,
                ScoreDim = _headDim,
                HeadDim = _headDim,
                KeyPanels = _keys.Pointer + (nint)head * _headSize,
                BasePanels = scope.Bases.Pointer + (scope.IsCausal ? first * _kernels.PanelWidth : 0),
                BaseRows = scope.BaseRows,
                Values = _values.Pointer + (nint)head * _rows * _headDim,
                ValueStride = _headDim,
                Skip = 0,
                Count = scope.IsCausal ? first + rows : scope.Keys,
                Sums = output + head * _headDim,
                SumStride = Width,
                Top = top,
                Weight = weight,
                Scratch = scratch.Scores.Pointer,
            };
            _kernels.AttendPart(in part);
            for (var row = 0; row < rows; row++) RowArithmetic.Scale(new Span<float>(part.Sums + row * Width, _headDim), 1 / weight[row]);
        }
    }
}
