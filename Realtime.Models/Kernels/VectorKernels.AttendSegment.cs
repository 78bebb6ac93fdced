using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    // Fewer queries than this do not fill the tiles of products: they go key by key.
    private const int FewQueries = 4;

    internal override int SegmentKept(int queries, int keys, int heads, int headDim) =>
        checked(queries <= FewQueries ? heads * queries * keys : heads * queries * (1 + headDim));

    internal override int SegmentScratch(int queries, int keys, int headDim) =>
        queries <= FewQueries
            ? 2 * keys
            : checked(Math.Max(ForwardScratch(queries, headDim), BackwardScratch(queries, headDim)));

    internal override void AttendSegment(in SegmentAttention segment)
    {
        if (segment.Keys == 0)
        {
            for (var query = 0; query < segment.Queries; query++)
                new Span<float>(segment.Output + query * segment.OutputStride, segment.Heads * segment.HeadDim).Clear();
            return;
        }

        for (var head = 0; head < segment.Heads; head++)
        {
            if (segment.Queries <= FewQueries) AttendFew(in segment, head);
            else AttendMany(in segment, head);
        }
    }

    internal override void AttendSegmentGradient(in SegmentAttention segment)
    {
        if (segment.Keys == 0) return;
        for (var head = 0; head < segment.Heads; head++)
        {
            if (segment.Queries <= FewQueries) AttendFewGradient(in segment, head);
            else AttendManyGradient(in segment, head);
        }
    }

    private int ForwardScratch(int queries, int headDim) =>
        PartKeys * (headDim + Padded(headDim)) + PartRows * PartKeys + queries * (Padded(headDim) + 2);

    /// <summary>One head, keys part by part: scores of a part relative to the largest so far, and what was summed before brought down to it.</summary>
    private void AttendMany(in SegmentAttention segment, int head)
    {
        var (queries, dim, dimPadded) = (segment.Queries, segment.HeadDim, Padded(segment.HeadDim));
        var keyPanels = segment.Scratch;
        var values = keyPanels + PartKeys * dim;
        var scores = values + PartKeys * dimPadded;
        var sums = scores + PartRows * PartKeys;
        var tops = sums + queries * dimPadded;
        var weights = tops + queries;
        new Span<float>(sums, queries * dimPadded).Clear();
        new Span<float>(tops, queries).Fill(float.NegativeInfinity);
        new Span<float>(weights, queries).Clear();

        var column = head * dim;
        for (var first = 0; first < segment.Keys; first += PartKeys)
        {
            var count = Math.Min(PartKeys, segment.Keys - first);
            var padded = Padded(count);
            PackKeys(segment.Key + first * segment.KeyStride + column, segment.KeyStride, count, dim, keyPanels);
            Scale(keyPanels, padded * dim, segment.Scale);
            PackDense(segment.Value + first * segment.ValueStride + column, segment.ValueStride, count, count, dim, values);
            for (var query = 0; query < queries; query += PartRows)
            {
                var rows = Math.Min(PartRows, queries - query);
                var left = new RowsOperand(segment.Query + query * segment.QueryStride + column, segment.QueryStride, 1);
                for (var key = 0; key < padded; key += PanelWidthOf)
                    Panel(left, rows, dim, new PanelOperand(keyPanels + key * dim, PanelWidthOf, null), scores + key, padded, PanelWidthOf, accumulate: false);
                for (var row = 0; row < rows; row++)
                {
                    AddMask(in segment, query + row, first, scores + row * padded, count);
                    new Span<float>(scores + row * padded + count, padded - count).Fill(float.NegativeInfinity);
                }

                Raise(scores, padded, rows, sums + query * dimPadded, dimPadded, dimPadded, tops + query, weights + query);
                for (var row = 0; segment.Draw.Drops && row < rows; row++)
                    DropRow(scores + row * padded, count, segment.Draw, Place(in segment, head, query + row, first));

                for (var i = 0; i < dimPadded; i += PanelWidthOf)
                    Panel(new RowsOperand(scores, padded, 1), rows, count, new PanelOperand(values + i, dimPadded, null), sums + query * dimPadded + i, dimPadded, PanelWidthOf, accumulate: true);
            }
        }

        for (var query = 0; query < queries; query++)
        {
            var output = segment.Output + query * segment.OutputStride + column;
            var seesNone = weights[query] == 0;
            Scale(sums + query * dimPadded, dim, seesNone ? 0 : 1 / weights[query]);
            new ReadOnlySpan<float>(sums + query * dimPadded, dim).CopyTo(new Span<float>(output, dim));
            if (segment.Kept is null) continue;
            var kept = segment.Kept + ((nint)head * queries + query) * (1 + dim);
            *kept = seesNone ? float.PositiveInfinity : tops[query] + MathF.Log(weights[query]);
            new ReadOnlySpan<float>(output, dim).CopyTo(new Span<float>(kept + 1, dim));
        }
    }

    /// <summary>To the scores of a query and some keys.</summary>
    private static void AddMask(in SegmentAttention segment, int query, int firstKey, float* scores, int count)
    {
        if (segment.Mask is null) return;
        var mask = segment.Mask + (nint)query * segment.Keys + firstKey;
        for (var i = 0; i < count; i += TLanes.Count) Put(scores + i, Read(mask + i, count - i), count - i, accumulate: true);
    }

    private static uint Place(in SegmentAttention segment, int head, int query, int key) =>
        segment.FirstPlace + (uint)((head * segment.Queries + query) * segment.Keys + key);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DropRow(float* weights, int count, in DropoutDraw draw, uint firstPlace)
    {
        var own = draw;
        for (var i = 0; i < count; i += TLanes.Count)
            Write(weights + i, TLanes.Multiply(Read(weights + i, count - i), TLanes.Kept(firstPlace + (uint)i, own)), count - i);
    }

    /// <summary>Rows of a head to [padded rows, whole panels], zeros beyond.</summary>
    private static void PackDense(float* from, nint stride, int rows, int paddedRows, int dim, float* to)
    {
        var width = (dim + PanelWidthOf - 1) / PanelWidthOf * PanelWidthOf;
        for (var row = 0; row < rows; row++, from += stride, to += width)
        {
            new ReadOnlySpan<float>(from, dim).CopyTo(new Span<float>(to, dim));
            new Span<float>(to + dim, width - dim).Clear();
        }

        new Span<float>(to, (paddedRows - rows) * width).Clear();
    }
}
