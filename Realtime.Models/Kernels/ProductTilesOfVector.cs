using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

/// <summary>The tiles for one kind of vector. NB: written over bare vectors; over a struct that wraps one the compiler copies each sum once per
/// multiply-add.</summary>
/// <typeparam name="TOps">Its arithmetic.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
internal sealed unsafe partial class ProductTiles<TOps, TVector> : ProductTiles where TOps : struct, IVectorOps<TVector>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Eight(RowsOperand left, int tiles, int depth, PanelOperand right, float* c, nint cRow, bool accumulate, Prefetch ahead)
    {
        var width = TOps.Count;
        TVector bias0 = TOps.Zero, bias1 = bias0;
        if (right.Bias is not null) (bias0, bias1) = (TOps.Load(right.Bias), TOps.Load(right.Bias + width));
        var firstRow = left.Data;
        nint step = left.Step, bStep = right.Step, fetchStep = ahead.Step;
        var fetch = ahead.Address;

        // NB: strides in bytes, so that most rows are reached by a scaled address and the loop's numbers fit the registers.
        nint row = left.Row * sizeof(float), row3 = 3 * row, row5 = 5 * row, row7 = 7 * row;
        for (; tiles > 0; tiles--)
        {
            float* a = firstRow, b = right.Data;
            TVector s00 = bias0, s01 = bias1;
            TVector s10 = bias0, s11 = bias1;
            TVector s20 = bias0, s21 = bias1;
            TVector s30 = bias0, s31 = bias1;
            TVector s40 = bias0, s41 = bias1;
            TVector s50 = bias0, s51 = bias1;
            TVector s60 = bias0, s61 = bias1;
            TVector s70 = bias0, s71 = bias1;
            var k = depth;
            if (k > 0) do
            {
                TOps.Prefetch(fetch);
                TOps.Prefetch(fetch + width);
                fetch += fetchStep;
                var b0 = TOps.Load(b);
                var b1 = TOps.Load(b + width);
                var x = TOps.Broadcast(*a);
                s00 = TOps.MultiplyAdd(x, b0, s00);
                s01 = TOps.MultiplyAdd(x, b1, s01);
                x = TOps.Broadcast(At(a, row));
                s10 = TOps.MultiplyAdd(x, b0, s10);
                s11 = TOps.MultiplyAdd(x, b1, s11);
                x = TOps.Broadcast(At(a, 2 * row));
                s20 = TOps.MultiplyAdd(x, b0, s20);
                s21 = TOps.MultiplyAdd(x, b1, s21);
                x = TOps.Broadcast(At(a, row3));
                s30 = TOps.MultiplyAdd(x, b0, s30);
                s31 = TOps.MultiplyAdd(x, b1, s31);
                x = TOps.Broadcast(At(a, 4 * row));
                s40 = TOps.MultiplyAdd(x, b0, s40);
                s41 = TOps.MultiplyAdd(x, b1, s41);
                x = TOps.Broadcast(At(a, row5));
                s50 = TOps.MultiplyAdd(x, b0, s50);
                s51 = TOps.MultiplyAdd(x, b1, s51);
                x = TOps.Broadcast(At(a, 2 * row3));
                s60 = TOps.MultiplyAdd(x, b0, s60);
                s61 = TOps.MultiplyAdd(x, b1, s61);
                x = TOps.Broadcast(At(a, row7));
                s70 = TOps.MultiplyAdd(x, b0, s70);
                s71 = TOps.MultiplyAdd(x, b1, s71);
                a += step;
                b += bStep;
            }
            while (--k > 0);

            var target = c;
            if (accumulate)
            {
                s00 = TOps.Add(TOps.Load(target), s00);
                s01 = TOps.Add(TOps.Load(target + width), s01);
                target += cRow;
                s10 = TOps.Add(TOps.Load(target), s10);
                s11 = TOps.Add(TOps.Load(target + width), s11);
                target += cRow;
                s20 = TOps.Add(TOps.Load(target), s20);
                s21 = TOps.Add(TOps.Load(target + width), s21);
                target += cRow;
                s30 = TOps.Add(TOps.Load(target), s30);
                s31 = TOps.Add(TOps.Load(target + width), s31);
                target += cRow;
                s40 = TOps.Add(TOps.Load(target), s40);
                s41 = TOps.Add(TOps.Load(target + width), s41);
                target += cRow;
                s50 = TOps.Add(TOps.Load(target), s50);
                s51 = TOps.Add(TOps.Load(target + width), s51);
                target += cRow;
                s60 = TOps.Add(TOps.Load(target), s60);
                s61 = TOps.Add(TOps.Load(target + width), s61);
                target += cRow;
                s70 = TOps.Add(TOps.Load(target), s70);
                s71 = TOps.Add(TOps.Load(target + width), s71);
                target = c;
            }

            TOps.Store(target, s00);
            TOps.Store(target + width, s01);
            target += cRow;
            TOps.Store(target, s10);
            TOps.Store(target + width, s11);
            target += cRow;
            TOps.Store(target, s20);
            TOps.Store(target + width, s21);
            target += cRow;
            TOps.Store(target, s30);
            TOps.Store(target + width, s31);
            target += cRow;
            TOps.Store(target, s40);
            TOps.Store(target + width, s41);
            target += cRow;
            TOps.Store(target, s50);
            TOps.Store(target + width, s51);
            target += cRow;
            TOps.Store(target, s60);
            TOps.Store(target + width, s61);
            target += cRow;
            TOps.Store(target, s70);
            TOps.Store(target + width, s71);
            firstRow += 8 * left.Row;
            c += 8 * cRow;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Four(RowsOperand left, int tiles, int depth, PanelOperand right, float* c, nint cRow, bool accumulate, Prefetch ahead)
    {
        var width = TOps.Count;
        TVector bias0 = TOps.Zero, bias1 = bias0;
        if (right.Bias is not null) (bias0, bias1) = (TOps.Load(right.Bias), TOps.Load(right.Bias + width));
        var firstRow = left.Data;
        nint step = left.Step, bStep = right.Step, fetchStep = ahead.Step;
        var fetch = ahead.Address;

        // NB: strides in bytes, so that most rows are reached by a scaled address and the loop's numbers fit the registers.
        nint row = left.Row * sizeof(float), row3 = 3 * row;
        for (; tiles > 0; tiles--)
        {
            float* a = firstRow, b = right.Data;
            TVector s00 = bias0, s01 = bias1;
            TVector s10 = bias0, s11 = bias1;
            TVector s20 = bias0, s21 = bias1;
            TVector s30 = bias0, s31 = bias1;
            var k = depth;
            if (k > 0) do
            {
                TOps.Prefetch(fetch);
                fetch += fetchStep;
                var b0 = TOps.Load(b);
                var b1 = TOps.Load(b + width);
                var x = TOps.Broadcast(*a);
                s00 = TOps.MultiplyAdd(x, b0, s00);
                s01 = TOps.MultiplyAdd(x, b1, s01);
                x = TOps.Broadcast(At(a, row));
                s10 = TOps.MultiplyAdd(x, b0, s10);
                s11 = TOps.MultiplyAdd(x, b1, s11);
                x = TOps.Broadcast(At(a, 2 * row));
                s20 = TOps.MultiplyAdd(x, b0, s20);
                s21 = TOps.MultiplyAdd(x, b1, s21);
                x = TOps.Broadcast(At(a, row3));
                s30 = TOps.MultiplyAdd(x, b0, s30);
                s31 = TOps.MultiplyAdd(x, b1, s31);
                a += step;
                b += bStep;
            }
            while (--k > 0);

            var target = c;
            if (accumulate)
            {
                s00 = TOps.Add(TOps.Load(target), s00);
                s01 = TOps.Add(TOps.Load(target + width), s01);
                target += cRow;
                s10 = TOps.Add(TOps.Load(target), s10);
                s11 = TOps.Add(TOps.Load(target + width), s11);
                target += cRow;
                s20 = TOps.Add(TOps.Load(target), s20);
                s21 = TOps.Add(TOps.Load(target + width), s21);
                target += cRow;
                s30 = TOps.Add(TOps.Load(target), s30);
                s31 = TOps.Add(TOps.Load(target + width), s31);
                target = c;
            }

            TOps.Store(target, s00);
            TOps.Store(target + width, s01);
            target += cRow;
            TOps.Store(target, s10);
            TOps.Store(target + width, s11);
            target += cRow;
            TOps.Store(target, s20);
            TOps.Store(target + width, s21);
            target += cRow;
            TOps.Store(target, s30);
            TOps.Store(target + width, s31);
            firstRow += 4 * left.Row;
            c += 4 * cRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void One(RowsOperand left, int depth, PanelOperand right, float* c, bool accumulate)
    {
        var width = TOps.Count;
        TVector s0 = TOps.Zero, s1 = s0;
        if (right.Bias is not null) (s0, s1) = (TOps.Load(right.Bias), TOps.Load(right.Bias + width));
        float* a = left.Data, b = right.Data;
        for (; depth > 0; depth--)
        {
            var a0 = TOps.Broadcast(*a);
            s0 = TOps.MultiplyAdd(a0, TOps.Load(b), s0);
            s1 = TOps.MultiplyAdd(a0, TOps.Load(b + width), s1);
            a += left.Step;
            b += right.Step;
        }

        Put(c, s0, s1, accumulate);
    }

    /// <inheritdoc/>
    public override void WideRow(float* a, int depth, float* b, float* bias, float* c, bool accumulate)
    {
        nint panel = 2 * TOps.Count * depth;
        for (var k = 0; k < depth || k == 0; k += ChainLength)
            WideChain(a + k, Math.Min(ChainLength, depth - k), b + 2 * TOps.Count * (nint)k, panel, k == 0 ? bias : null, c, accumulate || k > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideChain(float* a, int depth, float* b, nint panel, float* bias, float* c, bool accumulate)
    {
        var width = TOps.Count;
        TVector s0 = TOps.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        if (bias is not null)
        {
            (s0, s1, s2, s3) = (TOps.Load(bias), TOps.Load(bias + width), TOps.Load(bias + 2 * width), TOps.Load(bias + 3 * width));
            (s4, s5, s6, s7) = (TOps.Load(bias + 4 * width), TOps.Load(bias + 5 * width), TOps.Load(bias + 6 * width), TOps.Load(bias + 7 * width));
        }

        float* b0 = b, b1 = b + panel, b2 = b + 2 * panel, b3 = b + 3 * panel;
        for (nint k = 0; k < depth; k++)
        {
            TOps.Prefetch(b0 + AheadOfRow);
            TOps.Prefetch(b1 + AheadOfRow);
            TOps.Prefetch(b2 + AheadOfRow);
            TOps.Prefetch(b3 + AheadOfRow);
            if (width >= Prefetch.Line)
            {
                // A panel's row is more than one line of the cache.
                TOps.Prefetch(b0 + AheadOfRow + width);
                TOps.Prefetch(b1 + AheadOfRow + width);
                TOps.Prefetch(b2 + AheadOfRow + width);
                TOps.Prefetch(b3 + AheadOfRow + width);
            }

            var x = TOps.Broadcast(a[k]);
            s0 = TOps.MultiplyAdd(x, TOps.Load(b0), s0);
            s1 = TOps.MultiplyAdd(x, TOps.Load(b0 + width), s1);
            s2 = TOps.MultiplyAdd(x, TOps.Load(b1), s2);
            s3 = TOps.MultiplyAdd(x, TOps.Load(b1 + width), s3);
            s4 = TOps.MultiplyAdd(x, TOps.Load(b2), s4);
            s5 = TOps.MultiplyAdd(x, TOps.Load(b2 + width), s5);
            s6 = TOps.MultiplyAdd(x, TOps.Load(b3), s6);
            s7 = TOps.MultiplyAdd(x, TOps.Load(b3 + width), s7);
            b0 += 2 * width;
            b1 += 2 * width;
            b2 += 2 * width;
            b3 += 2 * width;
        }

        Put(c, s0, s1, accumulate);
        Put(c + 2 * width, s2, s3, accumulate);
        Put(c + 4 * width, s4, s5, accumulate);
        Put(c + 6 * width, s6, s7, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float At(float* address, nint bytes) => *(float*)((byte*)address + bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, TVector s0, TVector s1, bool accumulate)
    {
        if (accumulate)
        {
            s0 = TOps.Add(TOps.Load(c), s0);
            s1 = TOps.Add(TOps.Load(c + TOps.Count), s1);
        }

        TOps.Store(c, s0);
        TOps.Store(c + TOps.Count, s1);
    }
}
