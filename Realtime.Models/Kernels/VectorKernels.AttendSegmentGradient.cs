using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    // Queries and keys whose weights are held at once on the way back: with their panels they fill part of the second-level cache.
    private const int BackRows = 64;

    private const int BackKeys = 128;

    private int BackwardScratch(int queries, int headDim)
    {
        var (padded, rows) = (Padded(headDim), Eights(queries));
        return rows * (3 * padded + 2) + BackKeys * (2 * headDim + 3 * padded) + 2 * BackRows * BackKeys;
    }

    private static int Eights(int count) => (count + 7) / 8 * 8;

    /// <summary>
    /// One head. With weights P (found again from the scores and the logarithm of each row's sum), what dropout kept M and D = Σ dO O:
    /// dV = (P M)ᵀ dO, dS = P (M dO Vᵀ - D), dQ = dS K, dK = dSᵀ Q. Keys block by block, so that all stays in the cache.
    /// Source: Dao 2023 (arXiv 2307.08691), algorithm 2.
    /// </summary>
    private void AttendManyGradient(in SegmentAttention segment, int head)
    {
        var (dim, width, queryRows) = (segment.HeadDim, Padded(segment.HeadDim), Eights(segment.Queries));
        var column = head * dim;
        var query = segment.Scratch;
        var flow = query + queryRows * width;
        var queryGradient = flow + queryRows * width;
        var logSums = queryGradient + queryRows * width;
        var shares = logSums + queryRows;
        var keyPanels = shares + queryRows;
        var valuePanels = keyPanels + BackKeys * dim;
        var keys = valuePanels + BackKeys * dim;
        var keyGradient = keys + BackKeys * width;
        var valueGradient = keyGradient + BackKeys * width;
        var weights = valueGradient + BackKeys * width;
        var flowed = weights + BackRows * BackKeys;

        PackDense(segment.Query + column, segment.QueryStride, segment.Queries, queryRows, dim, query);
        PackDense(segment.OutputGradient + column, segment.OutputStride, segment.Queries, queryRows, dim, flow);
        new Span<float>(queryGradient, queryRows * width).Clear();
        var kept = segment.Kept + (nint)head * segment.Queries * (1 + dim);
        for (var row = 0; row < queryRows; row++, kept += 1 + dim)
        {
            logSums[row] = row < segment.Queries ? *kept : 0;
            shares[row] = row < segment.Queries ? Dot(kept + 1, flow + row * width, dim) : 0;
        }

        for (var first = 0; first < segment.Keys; first += BackKeys)
        {
            var count = Math.Min(BackKeys, segment.Keys - first);
            var (padded, keyRows) = (Padded(count), Eights(count));
            var key = segment.Key + first * segment.KeyStride + column;
            PackKeys(key, segment.KeyStride, count, dim, keyPanels);
            Scale(keyPanels, padded * dim, segment.Scale);
            PackKeys(segment.Value + first * segment.ValueStride + column, segment.ValueStride, count, dim, valuePanels);
            PackDense(key, segment.KeyStride, count, count, dim, keys);
            for (var row = 0; row < queryRows; row += BackRows)
            {
                var rows = Math.Min(BackRows, queryRows - row);
                for (var panel = 0; panel < padded; panel += PanelWidthOf)
                {
                    Panel(new RowsOperand(query + row * width, width, 1), rows, dim, new PanelOperand(keyPanels + panel * dim, PanelWidthOf, null), weights + panel, padded, PanelWidthOf, accumulate: false);
                    Panel(new RowsOperand(flow + row * width, width, 1), rows, dim, new PanelOperand(valuePanels + panel * dim, PanelWidthOf, null), flowed + panel, padded, PanelWidthOf, accumulate: false);
                }

                for (var i = 0; i < rows; i++)
                {
                    var place = Place(in segment, head, row + i, first);
                    if (row + i < segment.Queries) AddMask(in segment, row + i, first, weights + i * padded, count);
                    WeightsGradient(weights + i * padded, flowed + i * padded, padded, logSums[row + i], shares[row + i], segment.Scale, segment.Draw, place);
                }

                for (var i = 0; i < width; i += PanelWidthOf)
                {
                    var accumulate = row > 0;
                    Panel(new RowsOperand(weights, 1, padded), keyRows, rows, new PanelOperand(flow + row * width + i, width, null), valueGradient + i, width, PanelWidthOf, accumulate);
                    Panel(new RowsOperand(flowed, 1, padded), keyRows, rows, new PanelOperand(query + row * width + i, width, null), keyGradient + i, width, PanelWidthOf, accumulate);
                    Panel(new RowsOperand(flowed, padded, 1), rows, count, new PanelOperand(keys + i, width, null), queryGradient + row * width + i, width, PanelWidthOf, accumulate: true);
                }
            }

            AddRows(keyGradient, width, count, dim, segment.KeyGradient, first * segment.KeyStride + column, segment.KeyStride);
            AddRows(valueGradient, width, count, dim, segment.ValueGradient, first * segment.ValueStride + column, segment.ValueStride);
        }

        AddRows(queryGradient, width, segment.Queries, dim, segment.QueryGradient, column, segment.QueryStride);
    }

    /// <summary>A row of scores becomes P M and a row of dO Vᵀ becomes dS. What stands in the padding means nothing afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightsGradient(float* scores, float* flowed, int padded, float logSum, float share, float scale, in DropoutDraw draw, uint firstPlace)
    {
        var (own, drops) = (draw, draw.Drops);
        var (logSums, shares, scales) = (TLanes.Broadcast(logSum), TLanes.Broadcast(share), TLanes.Broadcast(scale));
        for (var i = 0; i < padded; i += TLanes.Count)
        {
            var weight = LaneFunctions.ExpCapped(TLanes.Subtract(TLanes.Load(scores + i), logSums));
            var gradient = TLanes.Load(flowed + i);
            var used = weight;
            if (drops)
            {
                var kept = TLanes.Kept(firstPlace + (uint)i, own);
                used = TLanes.Multiply(weight, kept);
                gradient = TLanes.Multiply(gradient, kept);
            }

            TLanes.Store(scores + i, used);
            TLanes.Store(flowed + i, TLanes.Multiply(TLanes.Multiply(weight, scales), TLanes.Subtract(gradient, shares)));
        }
    }

    private void AddRows(float* from, nint fromStride, int rows, int width, float* to, nint first, nint toStride)
    {
        if (to is null) return;
        to += first;
        for (var row = 0; row < rows; row++) AddTo(to + row * toStride, from + row * fromStride, width);
    }
}
