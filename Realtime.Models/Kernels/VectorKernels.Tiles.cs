using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

/// <content>
/// The innermost loops of the product. All sums of a tile stay in registers; each is one chain of multiply-adds in the order of k that
/// begins with the bias, whatever the tile, so that an element's bits do not depend on the tile it falls into.
/// </content>
internal sealed unsafe partial class VectorKernels<TLanes>
{
    /// <summary>Panels that one row is multiplied with at once: enough independent sums to hide the latency of multiply-add.</summary>
    private const int WidePanels = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(RowsOperand left, int depth, PanelOperand right, float* c, nint cRow, bool accumulate)
    {
        var width = TLanes.Count;
        var (bias0, bias1) = (TLanes.Zero, TLanes.Zero);
        if (right.Bias is not null) (bias0, bias1) = (TLanes.Load(right.Bias), TLanes.Load(right.Bias + width));
        TLanes s00 = bias0, s01 = bias1;
        TLanes s10 = bias0, s11 = bias1;
        TLanes s20 = bias0, s21 = bias1;
        TLanes s30 = bias0, s31 = bias1;
        TLanes s40 = bias0, s41 = bias1;
        TLanes s50 = bias0, s51 = bias1;
        TLanes s60 = bias0, s61 = bias1;
        TLanes s70 = bias0, s71 = bias1;
        float* a = left.Data, b = right.Data;
        nint step = left.Step, bStep = right.Step;
        var row1 = left.Row;
        var row2 = 2 * left.Row;
        var row3 = 3 * left.Row;
        var row4 = 4 * left.Row;
        var row5 = 5 * left.Row;
        var row6 = 6 * left.Row;
        var row7 = 7 * left.Row;
        for (; depth > 0; depth--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + width);
            var a0 = TLanes.Broadcast(*a);
            s00 = TLanes.MultiplyAdd(a0, b0, s00);
            s01 = TLanes.MultiplyAdd(a0, b1, s01);
            var a1 = TLanes.Broadcast(a[row1]);
            s10 = TLanes.MultiplyAdd(a1, b0, s10);
            s11 = TLanes.MultiplyAdd(a1, b1, s11);
            var a2 = TLanes.Broadcast(a[row2]);
            s20 = TLanes.MultiplyAdd(a2, b0, s20);
            s21 = TLanes.MultiplyAdd(a2, b1, s21);
            var a3 = TLanes.Broadcast(a[row3]);
            s30 = TLanes.MultiplyAdd(a3, b0, s30);
            s31 = TLanes.MultiplyAdd(a3, b1, s31);
            var a4 = TLanes.Broadcast(a[row4]);
            s40 = TLanes.MultiplyAdd(a4, b0, s40);
            s41 = TLanes.MultiplyAdd(a4, b1, s41);
            var a5 = TLanes.Broadcast(a[row5]);
            s50 = TLanes.MultiplyAdd(a5, b0, s50);
            s51 = TLanes.MultiplyAdd(a5, b1, s51);
            var a6 = TLanes.Broadcast(a[row6]);
            s60 = TLanes.MultiplyAdd(a6, b0, s60);
            s61 = TLanes.MultiplyAdd(a6, b1, s61);
            var a7 = TLanes.Broadcast(a[row7]);
            s70 = TLanes.MultiplyAdd(a7, b0, s70);
            s71 = TLanes.MultiplyAdd(a7, b1, s71);
            a += step;
            b += bStep;
        }

        Put(c, s00, s01, accumulate);
        Put(c + cRow, s10, s11, accumulate);
        Put(c + 2 * cRow, s20, s21, accumulate);
        Put(c + 3 * cRow, s30, s31, accumulate);
        Put(c + 4 * cRow, s40, s41, accumulate);
        Put(c + 5 * cRow, s50, s51, accumulate);
        Put(c + 6 * cRow, s60, s61, accumulate);
        Put(c + 7 * cRow, s70, s71, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(RowsOperand left, int depth, PanelOperand right, float* c, nint cRow, bool accumulate)
    {
        var width = TLanes.Count;
        var (bias0, bias1) = (TLanes.Zero, TLanes.Zero);
        if (right.Bias is not null) (bias0, bias1) = (TLanes.Load(right.Bias), TLanes.Load(right.Bias + width));
        TLanes s00 = bias0, s01 = bias1;
        TLanes s10 = bias0, s11 = bias1;
        TLanes s20 = bias0, s21 = bias1;
        TLanes s30 = bias0, s31 = bias1;
        float* a = left.Data, b = right.Data;
        nint step = left.Step, bStep = right.Step;
        var row1 = left.Row;
        var row2 = 2 * left.Row;
        var row3 = 3 * left.Row;
        for (; depth > 0; depth--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + width);
            var a0 = TLanes.Broadcast(*a);
            s00 = TLanes.MultiplyAdd(a0, b0, s00);
            s01 = TLanes.MultiplyAdd(a0, b1, s01);
            var a1 = TLanes.Broadcast(a[row1]);
            s10 = TLanes.MultiplyAdd(a1, b0, s10);
            s11 = TLanes.MultiplyAdd(a1, b1, s11);
            var a2 = TLanes.Broadcast(a[row2]);
            s20 = TLanes.MultiplyAdd(a2, b0, s20);
            s21 = TLanes.MultiplyAdd(a2, b1, s21);
            var a3 = TLanes.Broadcast(a[row3]);
            s30 = TLanes.MultiplyAdd(a3, b0, s30);
            s31 = TLanes.MultiplyAdd(a3, b1, s31);
            a += step;
            b += bStep;
        }

        Put(c, s00, s01, accumulate);
        Put(c + cRow, s10, s11, accumulate);
        Put(c + 2 * cRow, s20, s21, accumulate);
        Put(c + 3 * cRow, s30, s31, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(RowsOperand left, int depth, PanelOperand right, float* c, bool accumulate)
    {
        var width = TLanes.Count;
        var (s0, s1) = (TLanes.Zero, TLanes.Zero);
        if (right.Bias is not null) (s0, s1) = (TLanes.Load(right.Bias), TLanes.Load(right.Bias + width));
        float* a = left.Data, b = right.Data;
        for (; depth > 0; depth--)
        {
            var a0 = TLanes.Broadcast(*a);
            s0 = TLanes.MultiplyAdd(a0, TLanes.Load(b), s0);
            s1 = TLanes.MultiplyAdd(a0, TLanes.Load(b + width), s1);
            a += left.Step;
            b += right.Step;
        }

        Put(c, s0, s1, accumulate);
    }

    /// <summary>One row times <see cref="WidePanels"/> whole panels that lie one after the other.</summary>
    private static void WideRow(float* a, int depth, float* b, float* bias, float* c, bool accumulate)
    {
        nint panel = 2 * TLanes.Count * depth;
        for (var k = 0; k < depth || k == 0; k += ChainLength)
            WideChain(a + k, Math.Min(ChainLength, depth - k), b + 2 * TLanes.Count * (nint)k, panel, k == 0 ? bias : null, c, accumulate || k > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideChain(float* a, int depth, float* b, nint panel, float* bias, float* c, bool accumulate)
    {
        var width = TLanes.Count;
        TLanes s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        if (bias is not null)
        {
            (s0, s1, s2, s3) = (TLanes.Load(bias), TLanes.Load(bias + width), TLanes.Load(bias + 2 * width), TLanes.Load(bias + 3 * width));
            (s4, s5, s6, s7) = (TLanes.Load(bias + 4 * width), TLanes.Load(bias + 5 * width), TLanes.Load(bias + 6 * width), TLanes.Load(bias + 7 * width));
        }

        float* b0 = b, b1 = b + panel, b2 = b + 2 * panel, b3 = b + 3 * panel;
        for (nint k = 0; k < depth; k++)
        {
            var x = TLanes.Broadcast(a[k]);
            s0 = TLanes.MultiplyAdd(x, TLanes.Load(b0), s0);
            s1 = TLanes.MultiplyAdd(x, TLanes.Load(b0 + width), s1);
            s2 = TLanes.MultiplyAdd(x, TLanes.Load(b1), s2);
            s3 = TLanes.MultiplyAdd(x, TLanes.Load(b1 + width), s3);
            s4 = TLanes.MultiplyAdd(x, TLanes.Load(b2), s4);
            s5 = TLanes.MultiplyAdd(x, TLanes.Load(b2 + width), s5);
            s6 = TLanes.MultiplyAdd(x, TLanes.Load(b3), s6);
            s7 = TLanes.MultiplyAdd(x, TLanes.Load(b3 + width), s7);
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
    private static void Put(float* c, TLanes s0, TLanes s1, bool accumulate)
    {
        if (accumulate)
        {
            s0 = TLanes.Add(TLanes.Load(c), s0);
            s1 = TLanes.Add(TLanes.Load(c + TLanes.Count), s1);
        }

        TLanes.Store(c, s0);
        TLanes.Store(c + TLanes.Count, s1);
    }
}
