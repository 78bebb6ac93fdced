using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// Keys and values of one layer, kept in the order that attention reads them, so that neither a new row nor a new query copies the others.
/// Distinct rows may be written by distinct threads; any number may read.
/// </summary>
internal sealed unsafe class KeyValueCache
{
    private readonly KernelSet _kernels;
    private readonly int _heads;
    private readonly int _headDim;
    private readonly int _headSize;
    private readonly AlignedFloats _keys;
    private readonly AlignedFloats _values;

    public KeyValueCache(int rows, int heads, int headDim, KernelSet kernels)
    {
        (_kernels, _heads, _headDim) = (kernels, heads, headDim);
        _headSize = checked((rows + kernels.PanelWidth - 1) / kernels.PanelWidth * kernels.PanelWidth * headDim);
        _keys = new AlignedFloats(checked(heads * _headSize));
        _values = new AlignedFloats(checked(rows * heads * headDim));
    }

    private int Width => _heads * _headDim;

    /// <summary>The values from a row on, [rows, width].</summary>
    public Span<float> Values(int row) => _values.Span[(row * Width)..];

    /// <summary>Puts keys [rows, width] in their places.</summary>
    public void PutKeys(ReadOnlySpan<float> keys, int first, int rows)
    {
        var panelWidth = _kernels.PanelWidth;
        fixed (float* from = keys[..(rows * Width)])
        {
            for (var row = 0; row < rows; row++)
            {
                var place = first + row;
                for (var head = 0; head < _heads; head++)
                {
                    var source = from + (nint)row * Width + head * _headDim;
                    var column = _keys.Pointer + (nint)head * _headSize + (nint)(place / panelWidth * panelWidth) * _headDim + place % panelWidth;
                    for (var i = 0; i < _headDim; i++) column[i * panelWidth] = source[i];
                }
            }
        }
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
        fixed (float* q = queries, sums = output, top = scratch.Top, weight = scratch.Weight)
        {
            for (var head = 0; head < _heads; head++)
            {
                new Span<float>(top, rows).Fill(float.NegativeInfinity);
                new Span<float>(weight, rows).Clear();
                var part = new PartialAttention
                {
                    Queries = q + head * _headDim,
                    QueryStride = Width,
                    Rows = rows,
                    ScoreDim = _headDim,
                    HeadDim = _headDim,
                    KeyPanels = _keys.Pointer + (nint)head * _headSize,
                    BasePanels = scope.Bases.Pointer + (scope.IsCausal ? first * _kernels.PanelWidth : 0),
                    BaseRows = scope.BaseRows,
                    Values = _values.Pointer + head * _headDim,
                    ValueStride = Width,
                    Skip = 0,
                    Count = scope.IsCausal ? first + rows : scope.Keys,
                    Sums = sums + head * _headDim,
                    SumStride = Width,
                    Top = top,
                    Weight = weight,
                    Scratch = scratch.Scores.Pointer,
                };
                _kernels.AttendPart(in part);
                for (var row = 0; row < rows; row++) RowArithmetic.Scale(output.Slice(row * Width + head * _headDim, _headDim), 1 / weight[row]);
            }
        }
    }
}
