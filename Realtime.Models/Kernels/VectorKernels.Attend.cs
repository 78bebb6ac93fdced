using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    // Scores that are held at once: they fill the first-level cache by two thirds, and each panel of keys and values is fetched once per block of queries.
    private const int HeldScores = 8192;

    private const int MaxBlockRows = 64;

    public override int AttentionScratch(int keys, int headDim)
    {
        var padded = Padded(keys);
        return checked(padded * headDim + padded + BlockRows(padded) * padded + Padded(headDim) * keys);
    }

    public override void Attend(in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> keyBias, Span<float> output, Span<float> scratch)
    {
        Need(keyBias.Length == 0 || keyBias.Length == shape.Keys, "The bias is not [keys].");
        AttendBlocks(in shape, q, k, v, keyBias, [], output, scratch);
    }

    public override void AttendMasked(
        in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> scoreBias, Span<float> output, Span<float> scratch)
    {
        Need(scoreBias.Length == (long)shape.Queries * shape.Keys, "The bias is not [queries, keys].");
        AttendBlocks(in shape, q, k, v, [], scoreBias, output, scratch);
    }

    private void AttendBlocks(
        in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> keyBias,
        ReadOnlySpan<float> scoreBias, Span<float> output, Span<float> scratch)
    {
        var (queries, keys, heads, headDim) = (shape.Queries, shape.Keys, shape.Heads, shape.HeadDim);
        var width = heads * headDim;
        Need(scratch.Length >= AttentionScratch(keys, headDim), "The scratch is too small.");
        if (queries == 0) return;
        NeedRows(q.Length, queries, shape.QueryStride, width);
        NeedRows(k.Length, keys, shape.KeyStride, width);
        NeedRows(v.Length, keys, shape.ValueStride, width);
        NeedRows(output.Length, queries, shape.OutputStride, width);

        if (keys == 0)
        {
            for (var query = 0; query < queries; query++) output.Slice(query * shape.OutputStride, width).Clear();
            return;
        }

        var padded = Padded(keys);
        var hidden = keyBias.Length > 0 ? 0 : keys / PanelWidth;
        fixed (float* pq = q, pk = k, pv = v, po = output, ps = scratch, masks = scoreBias)
        {
            var block = BlockRows(padded);
            var bias = ps;
            var keyPanels = bias + padded;
            var scores = ps + padded + padded * headDim;
            var valuePanels = scores + block * padded;
            var inverse = stackalloc float[MaxBlockRows];
            FillBias(keyBias, new Span<float>(bias, padded), keys);
            for (var head = 0; head < heads; head++)
            {
                var first = head * headDim;
                PackKeys(pk + first, shape.KeyStride, keys, headDim, keyPanels);
                var values = pv + first;
                nint valueStep = shape.ValueStride, valuePanel = PanelWidth;
                if (headDim % PanelWidth != 0 || queries >= TLanes.TileRows)
                {
                    // NB: of many queries also where whole panels could be read: rows of all heads lie so far apart that they would share few sets of the cache.
                    PackValues(values, shape.ValueStride, keys, headDim, valuePanels);
                    values = valuePanels;
                    (valueStep, valuePanel) = (PanelWidth, (nint)PanelWidth * keys);
                }

                for (var query = 0; query < queries; query += block)
                {
                    var rows = Math.Min(block, queries - query);

                    // NB: keys behind the last one that any query of the block sees are left out: their weights are exactly 0, so that no bit changes.
                    var mask = masks is null ? null : masks + (nint)query * keys;
                    var seen = mask is null ? keys : SeenKeys(mask, rows, keys);
                    var held = Math.Max(Padded(seen), PanelWidth);
                    var left = new RowsOperand(pq + (nint)query * shape.QueryStride + first, shape.QueryStride, 1);
                    var panel = 0;
                    for (; rows == 1 && (panel + ProductTiles.WidePanels) * PanelWidth <= held; panel += ProductTiles.WidePanels)
                        tiles.WideRow(left.Data, headDim, keyPanels + panel * PanelWidth * headDim, bias + panel * PanelWidth, scores + panel * PanelWidth, accumulate: false);
                    for (; panel * PanelWidth < held; panel++)
                    {
                        var right = new PanelOperand(keyPanels + panel * PanelWidth * headDim, PanelWidth, panel < hidden ? null : bias + panel * PanelWidth);
                        Panel(left, rows, headDim, right, scores + panel * PanelWidth, held, PanelWidth, accumulate: false);
                    }

                    var target = po + (nint)query * shape.OutputStride + first;
                    if (mask is not null) AddMask(scores, rows, held, mask, keys);
                    WeighRows(scores, rows, held, inverse);
                    for (var column = 0; column < headDim; column += PanelWidth)
                    {
                        var right = new PanelOperand(values + column / PanelWidth * valuePanel, valueStep, null);
                        Panel(new RowsOperand(scores, held, 1), rows, seen, right, target + column, shape.OutputStride, Math.Min(PanelWidth, headDim - column), accumulate: false);
                    }

                    for (var row = 0; row < rows; row++) Scale(target + (nint)row * shape.OutputStride, headDim, inverse[row]);
                }
            }
        }
    }

    /// <summary>Keys up to the last one that some row of a mask does not hide.</summary>
    private static int SeenKeys(float* mask, int rows, int keys)
    {
        var seen = 0;
        for (var row = 0; row < rows; row++, mask += keys)
        {
            var last = keys;
            while (last > seen && float.IsNegativeInfinity(mask[last - 1])) last--;
            seen = last;
        }

        return seen;
    }

    /// <summary>To rows of scores; those behind the last key stay as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMask(float* scores, int rows, int held, float* mask, int keys)
    {
        var count = Math.Min(held, keys);
        for (var row = 0; row < rows; row++, scores += held, mask += keys)
            for (var i = 0; i < count; i += TLanes.Count) Put(scores + i, Read(mask + i, count - i), count - i, accumulate: true);
    }

    /// <summary>Queries of one block: whole tiles.</summary>
    private static int BlockRows(int padded) => Math.Clamp(HeldScores / Math.Max(padded, 1) / 8 * 8, 8, MaxBlockRows);

    /// <summary>A number rounded up to whole panels.</summary>
    private int Padded(int count) => (count + PanelWidth - 1) / PanelWidth * PanelWidth;

    private static void NeedRows(int length, int rows, int stride, int width)
    {
        Need(stride >= width, "A stride is shorter than its row.");
        Need(rows == 0 || length >= (rows - 1L) * stride + width, "A matrix is shorter than its rows.");
    }

    private static void FillBias(ReadOnlySpan<float> keyBias, Span<float> bias, int keys)
    {
        if (keyBias.Length > 0) keyBias.CopyTo(bias);
        else bias[..keys].Clear();
        bias[keys..].Fill(float.NegativeInfinity);
    }

    /// <summary>Turns rows of scores into e^(score - largest), in place, and gives one over their sums; 0 for a row in which no key is visible.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeighRows(float* scores, int rows, int padded, float* inverse)
    {
        // NB: in passes over all rows, so that no row waits for the one before it to find its largest score or its sum.
        for (var row = 0; row < rows; row++) inverse[row] = Largest(scores + row * padded, padded);
        for (var row = 0; row < rows; row++)
        {
            if (!float.IsNegativeInfinity(inverse[row])) inverse[row] = Weigh(scores + row * padded, padded, inverse[row]);
            else
            {
                new Span<float>(scores + row * padded, padded).Clear();
                inverse[row] = float.PositiveInfinity;
            }
        }

        for (var row = 0; row < rows; row++) inverse[row] = 1 / inverse[row];
    }

    // NB: two by two here and below, as rows are whole panels, to shorten the chains of dependent operations.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(float* scores, int padded)
    {
        // Four chains hide the latency of a maximum. Whole panels, two registers each, may end with half of the four.
        var width = TLanes.Count;
        TLanes largest0 = TLanes.Load(scores), largest1 = TLanes.Load(scores + width), largest2 = largest0, largest3 = largest1;
        var i = 2 * width;
        for (; i + 4 * width <= padded; i += 4 * width)
        {
            largest0 = TLanes.Max(largest0, TLanes.Load(scores + i));
            largest1 = TLanes.Max(largest1, TLanes.Load(scores + i + width));
            largest2 = TLanes.Max(largest2, TLanes.Load(scores + i + 2 * width));
            largest3 = TLanes.Max(largest3, TLanes.Load(scores + i + 3 * width));
        }

        if (i < padded)
        {
            largest2 = TLanes.Max(largest2, TLanes.Load(scores + i));
            largest3 = TLanes.Max(largest3, TLanes.Load(scores + i + width));
        }

        // NB: a maximum may lose a NaN among -∞, which would pass for a hidden key.
        var largest = TLanes.Maximum(TLanes.Max(TLanes.Max(largest0, largest1), TLanes.Max(largest2, largest3)));
        return float.IsNegativeInfinity(largest) && HasNaN(scores, padded) ? float.NaN : largest;
    }

    private static bool HasNaN(float* values, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (float.IsNaN(values[i])) return true;
        }

        return false;
    }

    /// <summary>Turns scores into e^(score - largest), in place.</summary>
    /// <returns>Their sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Weigh(float* scores, int padded, float largest)
    {
        var shift = TLanes.Broadcast(largest);
        TLanes sum0 = TLanes.Zero, sum1 = TLanes.Zero;
        for (var i = 0; i < padded; i += 2 * TLanes.Count)
        {
            var e0 = LaneFunctions.ExpCapped(TLanes.Subtract(TLanes.Load(scores + i), shift));
            var e1 = LaneFunctions.ExpCapped(TLanes.Subtract(TLanes.Load(scores + i + TLanes.Count), shift));
            TLanes.Store(scores + i, e0);
            TLanes.Store(scores + i + TLanes.Count, e1);
            sum0 = TLanes.Add(sum0, e0);
            sum1 = TLanes.Add(sum1, e1);
        }

        return TLanes.Sum(TLanes.Add(sum0, sum1));
    }

    private static void Scale(float* row, int width, float factor)
    {
        var i = 0;
        for (var factors = TLanes.Broadcast(factor); i + TLanes.Count <= width; i += TLanes.Count)
            TLanes.Store(row + i, TLanes.Multiply(TLanes.Load(row + i), factors));
        for (; i < width; i++) row[i] *= factor;
    }

    /// <summary>[keys, headDim] to panels [headDim, panel width]; columns beyond the last key are zero.</summary>
    private void PackKeys(float* keys, nint stride, int count, int headDim, float* panels)
    {
        var width = PanelWidth;
        for (var first = 0; first < count; first += width)
        {
            var panel = panels + first * headDim;
            var columns = Math.Min(width, count - first);
            var column = 0;
            for (; column + 4 <= columns; column += 4) Transpose4.Columns(keys + (first + column) * stride, stride, headDim, panel + column, width);
            for (; column < columns; column++)
                for (var i = 0; i < headDim; i++) panel[i * width + column] = keys[(first + column) * stride + i];
            if (columns == width) continue;
            for (var i = 0; i < headDim; i++) new Span<float>(panel + i * width + columns, width - columns).Clear();
        }
    }

    /// <summary>[keys, headDim] to panels [keys, panel width]; columns beyond the head's width are zero.</summary>
    private void PackValues(float* values, nint stride, int count, int headDim, float* panels)
    {
        var width = PanelWidth;
        for (var first = 0; first < headDim; first += width)
        {
            var columns = Math.Min(width, headDim - first);
            for (var key = 0; key < count; key++, panels += width)
            {
                new Span<float>(values + key * stride + first, columns).CopyTo(new Span<float>(panels, columns));
                new Span<float>(panels + columns, width - columns).Clear();
            }
        }
    }
}
