namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    // Keys whose scores are held at once: 32 queries times 256 keys fill the first-level cache by two thirds.
    private const int PartKeys = 256;

    internal override int PartialAttentionScratch => QueryBlock * PartKeys + 2 * PanelWidth;

    internal override void AttendPart(in PartialAttention part)
    {
        var (skip, left) = (part.Skip, part.Count);
        float* keys = part.KeyPanels, values = part.Values;
        while (left > 0)
        {
            var count = Math.Min(left, PartKeys - skip);
            for (var row = 0; row < part.Rows; row += QueryBlock)
                AttendBlock(in part, keys, values, row, Math.Min(QueryBlock, part.Rows - row), skip, count);
            left -= count;
            keys += (nint)PartKeys * part.HeadDim;
            values += PartKeys * part.ValueStride;
            skip = 0;
        }
    }

    private void AttendBlock(in PartialAttention part, float* keys, float* values, int firstRow, int rows, int skip, int count)
    {
        var end = skip + count;
        var padded = Padded(end);
        var bias = part.Scratch;
        var scores = bias + 2 * PanelWidth;
        var queries = new RowsOperand(part.Queries + firstRow * part.QueryStride, part.QueryStride, 1);
        FillHidden(bias, skip, end);
        for (var key = 0; key < end; key += PanelWidth)
        {
            // NB: the first panel's bias hides what comes before the part, the last one's what comes after; in between none is needed.
            var hidden = key == 0 ? bias : key + PanelWidth > end ? bias + PanelWidth : null;
            Panel(queries, rows, part.HeadDim, new PanelOperand(keys + key * part.HeadDim, PanelWidth, hidden), scores + key, padded, PanelWidth, accumulate: false);
        }

        var sums = part.Sums + firstRow * part.SumStride;
        for (var row = 0; row < rows; row++)
            Raise(scores + row * padded, padded, sums + row * part.SumStride, part.HeadDim, part.Top + firstRow + row, part.Weight + firstRow + row);
        for (var column = 0; column < part.HeadDim; column += PanelWidth)
        {
            var width = Math.Min(PanelWidth, part.HeadDim - column);
            if (width == PanelWidth)
                Panel(new RowsOperand(scores, padded, 1), rows, end, new PanelOperand(values + column, part.ValueStride, null), sums + column, part.SumStride, width, accumulate: true);
            else
                AddNarrow(scores, padded, rows, end, values + column, part.ValueStride, sums + column, part.SumStride, width);
        }
    }

    /// <summary>-∞ for the keys of the first and of the last panel that are not of the part.</summary>
    private void FillHidden(float* bias, int skip, int end)
    {
        var last = (end - 1) / PanelWidth * PanelWidth;
        for (var i = 0; i < PanelWidth; i++)
        {
            bias[i] = i < skip || i >= end ? float.NegativeInfinity : 0;
            bias[PanelWidth + i] = last + i >= end ? float.NegativeInfinity : 0;
        }
    }

    /// <summary>Turns a row of scores into weights relative to the largest so far, and brings what was summed before down to it.</summary>
    private static void Raise(float* scores, int padded, float* sums, int width, float* top, float* weight)
    {
        var largest = MathF.Max(*top, Largest(scores, padded));
        if (float.IsNegativeInfinity(largest))
        {
            new Span<float>(scores, padded).Clear();
            return;
        }

        var kept = *top == largest ? 1f : ExpOfNegative(*top - largest);
        *weight = *weight * kept + Weigh(scores, padded, largest);
        *top = largest;
        if (kept != 1f) Scale(sums, width, kept);
    }

    // A head narrower than a panel: its values cannot be read in whole panels, which would reach into the next head or behind the last.
    private static void AddNarrow(float* weights, nint weightStride, int rows, int keys, float* values, nint valueStride, float* sums, nint sumStride, int width)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var sum = 0f;
                for (var key = 0; key < keys; key++) sum = MathF.FusedMultiplyAdd(weights[row * weightStride + key], values[key * valueStride + column], sum);
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

    private static float ExpOfNegative(float x) => TLanes.Maximum(ExpOfNegative(TLanes.Broadcast(x)));

    private static void AddScaled(float* x, int width, float factor, float* sum)
    {
        var i = 0;
        for (var factors = TLanes.Broadcast(factor); i + TLanes.Count <= width; i += TLanes.Count)
            TLanes.Store(sum + i, TLanes.MultiplyAdd(TLanes.Load(x + i), factors, TLanes.Load(sum + i)));
        for (; i < width; i++) sum[i] = MathF.FusedMultiplyAdd(x[i], factor, sum[i]);
    }
}
