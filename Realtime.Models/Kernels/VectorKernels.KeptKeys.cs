namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void Append(KeptKeys keys, ReadOnlySpan<float> k, int stride, int rows)
    {
        Need(keys.PanelWidth == PanelWidth, "The keys are kept for another set of kernels.");
        Need(rows >= 0 && rows <= keys.Capacity - keys.Count, "There is no room for the keys.");
        NeedRows(k.Length, rows, stride, keys.Heads * keys.HeadDim);
        for (var row = 0; row < rows; row++)
        {
            var key = keys.Count + row;
            var from = k.Slice(row * stride, keys.Heads * keys.HeadDim);
            for (var head = 0; head < keys.Heads; head++)
            {
                var to = keys.Panels.Pointer + (nint)head * keys.HeadLength + (nint)(key / PanelWidth) * PanelWidth * keys.HeadDim + key % PanelWidth;
                for (var i = 0; i < keys.HeadDim; i++) to[i * PanelWidth] = from[head * keys.HeadDim + i];
            }
        }

        keys.Count += rows;
    }

    public override void AttendKept(
        in AttentionShape shape, ReadOnlySpan<float> q, KeptKeys keys, ReadOnlySpan<float> v, ReadOnlySpan<float> scoreBias, Span<float> output, Span<float> scratch)
    {
        Need(keys.PanelWidth == PanelWidth, "The keys are kept for another set of kernels.");
        Need((keys.Heads, keys.HeadDim) == (shape.Heads, shape.HeadDim), "The keys are kept for other heads.");
        Need(shape.Keys <= keys.Count, "Not as many keys have come.");
        Need(scoreBias.Length == 0 || scoreBias.Length == (long)shape.Queries * shape.Keys, "The bias is not [queries, keys].");
        AttendBlocks(in shape, q, [], keys, v, [], scoreBias, output, scratch);
    }
}
