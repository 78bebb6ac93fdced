namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    // Queries and keys whose scores are held at once. Keys and values pass once for each block of queries, and what is done once for a row of scores
    // costs less the longer the row; the scores lie in the second-level cache.
    private const int PartRows = 64;

    private const int PartKeys = 1024;

    internal override int PartialAttentionScratch => PartRows * PartKeys;

    internal override void AttendPart(in PartialAttention part)
    {
        var (first, left) = (part.Skip, part.Count);

        // Blocks of about the same size, in whole tiles.
        var blocks = (part.Rows + PartRows - 1) / PartRows;
        var block = blocks <= 1 ? PartRows : (part.Rows + 8 * blocks - 1) / (8 * blocks) * 8;
        while (left > 0)
        {
            // Whole panels from the start of the memory on, so that a part's cut does not depend on where it begins.
            var count = Math.Min(left, PartKeys - first % PartKeys);
            for (var row = 0; row < part.Rows; row += block) AttendBlock(in part, row, Math.Min(block, part.Rows - row), first, count);
            first += count;
            left -= count;
        }
    }

    private void AttendBlock(in PartialAttention part, int firstRow, int rows, int first, int count)
    {
        var skip = first % PanelWidth;
        var start = first - skip;
        var end = skip + count;
        var padded = Padded(end);
        var queries = new RowsOperand(part.Queries + firstRow * part.QueryStride, part.QueryStride, 1);
        var isShared = part.BaseRows == 1;
        var isWide = HasWideTiles(rows);
        for (var key = 0; key < end;)
        {
            var scores = part.Scratch + key;
            var bases = part.BasePanels + (nint)(start + key) * part.BaseRows;
            var keys = new PanelOperand(part.KeyPanels + (nint)(start + key) * part.ScoreDim, PanelWidth, isShared ? bases : null);
            var panels = isWide && key + PanelWidth < end ? 2 : 1;
            for (var i = 0; i < panels && !isShared; i++)
                FillScores(scores + i * PanelWidth, padded, bases + (nint)i * PanelWidth * part.BaseRows, part.BaseRows, firstRow, rows);
            var panel = (nint)PanelWidth * part.ScoreDim;
            if (panels == 2) WidePanel(queries, rows, part.ScoreDim, keys, panel, scores, padded, accumulate: !isShared, keys.Data + 2 * panel);
            else Panel(queries, rows, part.ScoreDim, keys, scores, padded, PanelWidth, accumulate: !isShared, keys.Data + panel);
            key += panels * PanelWidth;
        }

        var sums = part.Sums + firstRow * part.SumStride;
        Hide(part.Scratch, padded, rows, skip, end);
        Raise(part.Scratch, padded, rows, sums, part.SumStride, part.HeadDim, part.Top + firstRow, part.Weight + firstRow);
        var weights = new RowsOperand(part.Scratch + skip, padded, 1);
        var values = part.Values + first * part.ValueStride;

        // Each chain of keys asks for the values of the next one, where these lie one after the other.
        var ahead = part.ValueStride == PanelWidth ? values + ProductTiles.ChainLength * PanelWidth : null;
        for (var column = 0; column < part.HeadDim; column += PanelWidth)
        {
            var width = Math.Min(PanelWidth, part.HeadDim - column);
            if (width == PanelWidth)
                Panel(weights, rows, count, new PanelOperand(values + column, part.ValueStride, null), sums + column, part.SumStride, width, accumulate: true, ahead);
            else
                AddNarrow(weights, rows, count, values + column, part.ValueStride, sums + column, part.SumStride, width);
        }
    }

    private void FillScores(float* scores, int stride, float* basePanel, int baseRows, int firstRow, int rows)
    {
        var from = firstRow % baseRows;
        for (var row = 0; row < rows; row++, scores += stride)
        {
            for (var i = 0; i < PanelWidth; i += TLanes.Count) TLanes.Store(scores + i, TLanes.Load(basePanel + from * PanelWidth + i));
            if (++from == baseRows) from = 0;
        }
    }

    /// <summary>Hides keys of the first and the last panel that are not of the part.</summary>
    private static void Hide(float* scores, int padded, int rows, int skip, int end)
    {
        if (skip == 0 && end == padded) return;
        var hidden = TLanes.Broadcast(float.NegativeInfinity);
        for (var row = 0; row < rows; row++, scores += padded)
        {
            for (var key = 0; key < skip; key += TLanes.Count) Write(scores + key, hidden, skip - key);
            for (var key = end; key < padded; key += TLanes.Count) Write(scores + key, hidden, padded - key);
        }
    }

    /// <summary>Turns rows of scores into weights relative to each row's largest so far, and brings what was summed before down to it.</summary>
    private static void Raise(float* scores, int padded, int rows, float* sums, nint sumStride, int width, float* top, float* weight)
    {
        // NB: where nothing was summed before, nothing is brought down. In passes over all rows, so that no row waits for the one before it to find its largest score or its sum.
        var kept = stackalloc float[PartRows];
        for (var row = 0; row < rows; row++)
        {
            var largest = MathF.Max(top[row], Largest(scores + row * padded, padded));
            kept[row] = largest == top[row] || float.IsNegativeInfinity(top[row]) ? 0 : top[row] - largest;
            top[row] = largest;
        }

        for (var row = 0; row < rows; row += TLanes.Count)
            Write(kept + row, LaneFunctions.ExpCapped(Read(kept + row, rows - row)), rows - row);

        for (var row = 0; row < rows; row++)
        {
            if (float.IsNegativeInfinity(top[row])) new Span<float>(scores + row * padded, padded).Clear();
            else weight[row] = weight[row] * kept[row] + Weigh(scores + row * padded, padded, top[row]);
        }

        for (var row = 0; row < rows; row++)
        {
            if (kept[row] != 1f) Scale(sums + row * sumStride, width, kept[row]);
        }
    }

    // A head narrower than a panel: its values cannot be read in whole panels, which would reach into the next head or behind the last.
    private static void AddNarrow(RowsOperand weights, int rows, int keys, float* values, nint valueStride, float* sums, nint sumStride, int width)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var sum = 0f;
                for (var key = 0; key < keys; key++) sum = MathF.FusedMultiplyAdd(weights.Data[row * weights.Row + key], values[key * valueStride + column], sum);
                sums[row * sumStride + column] += sum;
            }
        }
    }

    internal override void MergeParts(in AttentionParts parts, float* output, out float top, out float weight)
    {
        top = float.NegativeInfinity;
        for (var part = 0; part < parts.Count; part++) top = MathF.Max(top, parts.Top[parts.Slot(part) * parts.TopStride]);
        weight = 0;
        new Span<float>(output, parts.Width).Clear();
        if (float.IsNegativeInfinity(top)) return;
        for (var part = 0; part < parts.Count; part++)
        {
            var slot = parts.Slot(part);
            var factor = ExpOfNegative(parts.Top[slot * parts.TopStride] - top);
            if (factor == 0) continue;
            weight += factor * parts.Weight[slot * parts.TopStride];
            AddScaled(parts.Sums + slot * parts.SumStride, parts.Width, factor, output);
        }
    }

    internal override void Combine(Span<float> x, float a, ReadOnlySpan<float> y, float b)
    {
        Need(x.Length == y.Length, "The lengths differ.");
        fixed (float* px = x, py = y)
        {
            var (first, second) = (TLanes.Broadcast(a), TLanes.Broadcast(b));
            var i = 0;
            for (; i + TLanes.Count <= x.Length; i += TLanes.Count)
                TLanes.Store(px + i, TLanes.MultiplyAdd(TLanes.Load(px + i), first, TLanes.Multiply(TLanes.Load(py + i), second)));
            for (; i < x.Length; i++) px[i] = MathF.FusedMultiplyAdd(px[i], a, py[i] * b);
        }
    }

    internal override float ExpOfNegativeNumber(float x) => ExpOfNegative(x);

    private static float ExpOfNegative(float x) => TLanes.Maximum(LaneFunctions.ExpCapped(TLanes.Broadcast(x)));

    private static void AddScaled(float* x, int width, float factor, float* sum)
    {
        var i = 0;
        for (var factors = TLanes.Broadcast(factor); i + TLanes.Count <= width; i += TLanes.Count)
            TLanes.Store(sum + i, TLanes.MultiplyAdd(TLanes.Load(x + i), factors, TLanes.Load(sum + i)));
        for (; i < width; i++) sum[i] = MathF.FusedMultiplyAdd(x[i], factor, sum[i]);
    }
}
