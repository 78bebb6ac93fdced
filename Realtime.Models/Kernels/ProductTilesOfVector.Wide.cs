using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class ProductTiles<TOps, TVector>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void WideSix(RowsOperand left, int tiles, int depth, PanelOperand right, nint panel, float* c, nint cRow, bool accumulate, Prefetch ahead)
    {
        var width = TOps.Count;
        TVector bias0 = TOps.Zero, bias1 = bias0, bias2 = bias0, bias3 = bias0;
        if (right.Bias is not null)
        {
            (bias0, bias1) = (TOps.Load(right.Bias), TOps.Load(right.Bias + width));
            (bias2, bias3) = (TOps.Load(right.Bias + 2 * width), TOps.Load(right.Bias + 3 * width));
        }

        var firstRow = left.Data;
        nint step = left.Step, bStep = right.Step, fetchStep = ahead.Step;
        var fetch = ahead.Address;
        nint row = left.Row * sizeof(float), row3 = 3 * row, row5 = 5 * row;
        for (; tiles > 0; tiles--)
        {
            float* a = firstRow, b = right.Data, d = b + panel;
            TVector s00 = bias0, s01 = bias1, s02 = bias2, s03 = bias3;
            TVector s10 = bias0, s11 = bias1, s12 = bias2, s13 = bias3;
            TVector s20 = bias0, s21 = bias1, s22 = bias2, s23 = bias3;
            TVector s30 = bias0, s31 = bias1, s32 = bias2, s33 = bias3;
            TVector s40 = bias0, s41 = bias1, s42 = bias2, s43 = bias3;
            TVector s50 = bias0, s51 = bias1, s52 = bias2, s53 = bias3;
            var k = depth;
            if (k > 0) do
            {
                TOps.PrefetchFar(fetch);
                fetch += fetchStep;
                var b0 = TOps.Load(b);
                var b1 = TOps.Load(b + width);
                var b2 = TOps.Load(d);
                var b3 = TOps.Load(d + width);
                var x = TOps.Broadcast(*a);
                s00 = TOps.MultiplyAdd(x, b0, s00);
                s01 = TOps.MultiplyAdd(x, b1, s01);
                s02 = TOps.MultiplyAdd(x, b2, s02);
                s03 = TOps.MultiplyAdd(x, b3, s03);
                x = TOps.Broadcast(At(a, row));
                s10 = TOps.MultiplyAdd(x, b0, s10);
                s11 = TOps.MultiplyAdd(x, b1, s11);
                s12 = TOps.MultiplyAdd(x, b2, s12);
                s13 = TOps.MultiplyAdd(x, b3, s13);
                x = TOps.Broadcast(At(a, 2 * row));
                s20 = TOps.MultiplyAdd(x, b0, s20);
                s21 = TOps.MultiplyAdd(x, b1, s21);
                s22 = TOps.MultiplyAdd(x, b2, s22);
                s23 = TOps.MultiplyAdd(x, b3, s23);
                x = TOps.Broadcast(At(a, row3));
                s30 = TOps.MultiplyAdd(x, b0, s30);
                s31 = TOps.MultiplyAdd(x, b1, s31);
                s32 = TOps.MultiplyAdd(x, b2, s32);
                s33 = TOps.MultiplyAdd(x, b3, s33);
                x = TOps.Broadcast(At(a, 4 * row));
                s40 = TOps.MultiplyAdd(x, b0, s40);
                s41 = TOps.MultiplyAdd(x, b1, s41);
                s42 = TOps.MultiplyAdd(x, b2, s42);
                s43 = TOps.MultiplyAdd(x, b3, s43);
                x = TOps.Broadcast(At(a, row5));
                s50 = TOps.MultiplyAdd(x, b0, s50);
                s51 = TOps.MultiplyAdd(x, b1, s51);
                s52 = TOps.MultiplyAdd(x, b2, s52);
                s53 = TOps.MultiplyAdd(x, b3, s53);
                a += step;
                b += bStep;
                d += bStep;
            }
            while (--k > 0);

            var target = c;
            if (accumulate)
            {
                s00 = TOps.Add(TOps.Load(target), s00);
                s01 = TOps.Add(TOps.Load(target + width), s01);
                s02 = TOps.Add(TOps.Load(target + 2 * width), s02);
                s03 = TOps.Add(TOps.Load(target + 3 * width), s03);
                target += cRow;
                s10 = TOps.Add(TOps.Load(target), s10);
                s11 = TOps.Add(TOps.Load(target + width), s11);
                s12 = TOps.Add(TOps.Load(target + 2 * width), s12);
                s13 = TOps.Add(TOps.Load(target + 3 * width), s13);
                target += cRow;
                s20 = TOps.Add(TOps.Load(target), s20);
                s21 = TOps.Add(TOps.Load(target + width), s21);
                s22 = TOps.Add(TOps.Load(target + 2 * width), s22);
                s23 = TOps.Add(TOps.Load(target + 3 * width), s23);
                target += cRow;
                s30 = TOps.Add(TOps.Load(target), s30);
                s31 = TOps.Add(TOps.Load(target + width), s31);
                s32 = TOps.Add(TOps.Load(target + 2 * width), s32);
                s33 = TOps.Add(TOps.Load(target + 3 * width), s33);
                target += cRow;
                s40 = TOps.Add(TOps.Load(target), s40);
                s41 = TOps.Add(TOps.Load(target + width), s41);
                s42 = TOps.Add(TOps.Load(target + 2 * width), s42);
                s43 = TOps.Add(TOps.Load(target + 3 * width), s43);
                target += cRow;
                s50 = TOps.Add(TOps.Load(target), s50);
                s51 = TOps.Add(TOps.Load(target + width), s51);
                s52 = TOps.Add(TOps.Load(target + 2 * width), s52);
                s53 = TOps.Add(TOps.Load(target + 3 * width), s53);
                target = c;
            }

            TOps.Store(target, s00);
            TOps.Store(target + width, s01);
            TOps.Store(target + 2 * width, s02);
            TOps.Store(target + 3 * width, s03);
            target += cRow;
            TOps.Store(target, s10);
            TOps.Store(target + width, s11);
            TOps.Store(target + 2 * width, s12);
            TOps.Store(target + 3 * width, s13);
            target += cRow;
            TOps.Store(target, s20);
            TOps.Store(target + width, s21);
            TOps.Store(target + 2 * width, s22);
            TOps.Store(target + 3 * width, s23);
            target += cRow;
            TOps.Store(target, s30);
            TOps.Store(target + width, s31);
            TOps.Store(target + 2 * width, s32);
            TOps.Store(target + 3 * width, s33);
            target += cRow;
            TOps.Store(target, s40);
            TOps.Store(target + width, s41);
            TOps.Store(target + 2 * width, s42);
            TOps.Store(target + 3 * width, s43);
            target += cRow;
            TOps.Store(target, s50);
            TOps.Store(target + width, s51);
            TOps.Store(target + 2 * width, s52);
            TOps.Store(target + 3 * width, s53);
            firstRow += 6 * left.Row;
            c += 6 * cRow;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void WideFive(RowsOperand left, int tiles, int depth, PanelOperand right, nint panel, float* c, nint cRow, bool accumulate, Prefetch ahead)
    {
        var width = TOps.Count;
        TVector bias0 = TOps.Zero, bias1 = bias0, bias2 = bias0, bias3 = bias0;
        if (right.Bias is not null)
        {
            (bias0, bias1) = (TOps.Load(right.Bias), TOps.Load(right.Bias + width));
            (bias2, bias3) = (TOps.Load(right.Bias + 2 * width), TOps.Load(right.Bias + 3 * width));
        }

        var firstRow = left.Data;
        nint step = left.Step, bStep = right.Step, fetchStep = ahead.Step;
        var fetch = ahead.Address;
        nint row = left.Row * sizeof(float), row3 = 3 * row;
        for (; tiles > 0; tiles--)
        {
            float* a = firstRow, b = right.Data, d = b + panel;
            TVector s00 = bias0, s01 = bias1, s02 = bias2, s03 = bias3;
            TVector s10 = bias0, s11 = bias1, s12 = bias2, s13 = bias3;
            TVector s20 = bias0, s21 = bias1, s22 = bias2, s23 = bias3;
            TVector s30 = bias0, s31 = bias1, s32 = bias2, s33 = bias3;
            TVector s40 = bias0, s41 = bias1, s42 = bias2, s43 = bias3;
            var k = depth;
            if (k > 0) do
            {
                TOps.PrefetchFar(fetch);
                fetch += fetchStep;
                var b0 = TOps.Load(b);
                var b1 = TOps.Load(b + width);
                var b2 = TOps.Load(d);
                var b3 = TOps.Load(d + width);
                var x = TOps.Broadcast(*a);
                s00 = TOps.MultiplyAdd(x, b0, s00);
                s01 = TOps.MultiplyAdd(x, b1, s01);
                s02 = TOps.MultiplyAdd(x, b2, s02);
                s03 = TOps.MultiplyAdd(x, b3, s03);
                x = TOps.Broadcast(At(a, row));
                s10 = TOps.MultiplyAdd(x, b0, s10);
                s11 = TOps.MultiplyAdd(x, b1, s11);
                s12 = TOps.MultiplyAdd(x, b2, s12);
                s13 = TOps.MultiplyAdd(x, b3, s13);
                x = TOps.Broadcast(At(a, 2 * row));
                s20 = TOps.MultiplyAdd(x, b0, s20);
                s21 = TOps.MultiplyAdd(x, b1, s21);
                s22 = TOps.MultiplyAdd(x, b2, s22);
                s23 = TOps.MultiplyAdd(x, b3, s23);
                x = TOps.Broadcast(At(a, row3));
                s30 = TOps.MultiplyAdd(x, b0, s30);
                s31 = TOps.MultiplyAdd(x, b1, s31);
                s32 = TOps.MultiplyAdd(x, b2, s32);
                s33 = TOps.MultiplyAdd(x, b3, s33);
                x = TOps.Broadcast(At(a, 4 * row));
                s40 = TOps.MultiplyAdd(x, b0, s40);
                s41 = TOps.MultiplyAdd(x, b1, s41);
                s42 = TOps.MultiplyAdd(x, b2, s42);
                s43 = TOps.MultiplyAdd(x, b3, s43);
                a += step;
                b += bStep;
                d += bStep;
            }
            while (--k > 0);

            var target = c;
            if (accumulate)
            {
                s00 = TOps.Add(TOps.Load(target), s00);
                s01 = TOps.Add(TOps.Load(target + width), s01);
                s02 = TOps.Add(TOps.Load(target + 2 * width), s02);
                s03 = TOps.Add(TOps.Load(target + 3 * width), s03);
                target += cRow;
                s10 = TOps.Add(TOps.Load(target), s10);
                s11 = TOps.Add(TOps.Load(target + width), s11);
                s12 = TOps.Add(TOps.Load(target + 2 * width), s12);
                s13 = TOps.Add(TOps.Load(target + 3 * width), s13);
                target += cRow;
                s20 = TOps.Add(TOps.Load(target), s20);
                s21 = TOps.Add(TOps.Load(target + width), s21);
                s22 = TOps.Add(TOps.Load(target + 2 * width), s22);
                s23 = TOps.Add(TOps.Load(target + 3 * width), s23);
                target += cRow;
                s30 = TOps.Add(TOps.Load(target), s30);
                s31 = TOps.Add(TOps.Load(target + width), s31);
                s32 = TOps.Add(TOps.Load(target + 2 * width), s32);
                s33 = TOps.Add(TOps.Load(target + 3 * width), s33);
                target += cRow;
                s40 = TOps.Add(TOps.Load(target), s40);
                s41 = TOps.Add(TOps.Load(target + width), s41);
                s42 = TOps.Add(TOps.Load(target + 2 * width), s42);
                s43 = TOps.Add(TOps.Load(target + 3 * width), s43);
                target = c;
            }

            TOps.Store(target, s00);
            TOps.Store(target + width, s01);
            TOps.Store(target + 2 * width, s02);
            TOps.Store(target + 3 * width, s03);
            target += cRow;
            TOps.Store(target, s10);
            TOps.Store(target + width, s11);
            TOps.Store(target + 2 * width, s12);
            TOps.Store(target + 3 * width, s13);
            target += cRow;
            TOps.Store(target, s20);
            TOps.Store(target + width, s21);
            TOps.Store(target + 2 * width, s22);
            TOps.Store(target + 3 * width, s23);
            target += cRow;
            TOps.Store(target, s30);
            TOps.Store(target + width, s31);
            TOps.Store(target + 2 * width, s32);
            TOps.Store(target + 3 * width, s33);
            target += cRow;
            TOps.Store(target, s40);
            TOps.Store(target + width, s41);
            TOps.Store(target + 2 * width, s42);
            TOps.Store(target + 3 * width, s43);
            firstRow += 5 * left.Row;
            c += 5 * cRow;
        }
    }
}
