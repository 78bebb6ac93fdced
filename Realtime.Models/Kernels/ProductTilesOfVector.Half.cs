using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

/// <summary>Panels of bfloat16: one vector of words for each k, widened to the two vectors of a panel.</summary>
internal sealed unsafe partial class ProductTiles<TOps, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void HalfFour(RowsOperand left, int depth, PanelOperand right, float* c, nint cRow, bool accumulate)
    {
        var width = TOps.Count;
        TVector s00 = TOps.Zero, s01 = s00;
        if (right.Bias is not null) (s00, s01) = (TOps.Load(right.Bias), TOps.Load(right.Bias + width));
        TVector s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
        float* a0 = left.Data, a1 = a0 + left.Row, a2 = a1 + left.Row, a3 = a2 + left.Row, b = right.Data;
        for (nint k = 0; k < depth; k++, b += width)
        {
            var words = TOps.Load(b);
            var b0 = TOps.LowHalves(words);
            var b1 = TOps.HighHalves(words);
            var x = TOps.Broadcast(a0[k]);
            s00 = TOps.MultiplyAdd(x, b0, s00);
            s01 = TOps.MultiplyAdd(x, b1, s01);
            x = TOps.Broadcast(a1[k]);
            s10 = TOps.MultiplyAdd(x, b0, s10);
            s11 = TOps.MultiplyAdd(x, b1, s11);
            x = TOps.Broadcast(a2[k]);
            s20 = TOps.MultiplyAdd(x, b0, s20);
            s21 = TOps.MultiplyAdd(x, b1, s21);
            x = TOps.Broadcast(a3[k]);
            s30 = TOps.MultiplyAdd(x, b0, s30);
            s31 = TOps.MultiplyAdd(x, b1, s31);
        }

        Put(c, s00, s01, accumulate);
        Put(c + cRow, s10, s11, accumulate);
        Put(c + 2 * cRow, s20, s21, accumulate);
        Put(c + 3 * cRow, s30, s31, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void HalfOne(float* a, int depth, PanelOperand right, float* c, bool accumulate)
    {
        var width = TOps.Count;
        TVector s0 = TOps.Zero, s1 = s0;
        if (right.Bias is not null) (s0, s1) = (TOps.Load(right.Bias), TOps.Load(right.Bias + width));
        var b = right.Data;
        for (nint k = 0; k < depth; k++, b += width)
        {
            var words = TOps.Load(b);
            var x = TOps.Broadcast(a[k]);
            s0 = TOps.MultiplyAdd(x, TOps.LowHalves(words), s0);
            s1 = TOps.MultiplyAdd(x, TOps.HighHalves(words), s1);
        }

        Put(c, s0, s1, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void HalfWide(float* a, int depth, float* words, nint panel, float* bias, float* c, bool accumulate)
    {
        var width = TOps.Count;
        TVector s0 = TOps.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        if (bias is not null)
        {
            (s0, s1, s2, s3) = (TOps.Load(bias), TOps.Load(bias + width), TOps.Load(bias + 2 * width), TOps.Load(bias + 3 * width));
            (s4, s5, s6, s7) = (TOps.Load(bias + 4 * width), TOps.Load(bias + 5 * width), TOps.Load(bias + 6 * width), TOps.Load(bias + 7 * width));
        }

        float* b0 = words, b1 = b0 + panel, b2 = b1 + panel, b3 = b2 + panel;
        for (nint k = 0; k < depth; k++)
        {
            TOps.Prefetch(b0 + AheadOfRow);
            TOps.Prefetch(b1 + AheadOfRow);
            TOps.Prefetch(b2 + AheadOfRow);
            TOps.Prefetch(b3 + AheadOfRow);
            var x = TOps.Broadcast(a[k]);
            var w0 = TOps.Load(b0);
            s0 = TOps.MultiplyAdd(x, TOps.LowHalves(w0), s0);
            s1 = TOps.MultiplyAdd(x, TOps.HighHalves(w0), s1);
            var w1 = TOps.Load(b1);
            s2 = TOps.MultiplyAdd(x, TOps.LowHalves(w1), s2);
            s3 = TOps.MultiplyAdd(x, TOps.HighHalves(w1), s3);
            var w2 = TOps.Load(b2);
            s4 = TOps.MultiplyAdd(x, TOps.LowHalves(w2), s4);
            s5 = TOps.MultiplyAdd(x, TOps.HighHalves(w2), s5);
            var w3 = TOps.Load(b3);
            s6 = TOps.MultiplyAdd(x, TOps.LowHalves(w3), s6);
            s7 = TOps.MultiplyAdd(x, TOps.HighHalves(w3), s7);
            b0 += width;
            b1 += width;
            b2 += width;
            b3 += width;
        }

        Put(c, s0, s1, accumulate);
        Put(c + 2 * width, s2, s3, accumulate);
        Put(c + 4 * width, s4, s5, accumulate);
        Put(c + 6 * width, s6, s7, accumulate);
    }
}
