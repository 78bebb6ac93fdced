using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void Softmax(Span<float> x, int rows, int width)
    {
        NeedRows(x, rows, width, x);
        fixed (float* px = x)
        {
            for (var row = 0; row < rows; row++) SoftmaxRow(px + (long)row * width, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxRow(float* x, int width)
    {
        // Of a row of -∞ nothing is taken off: all exponentials are 0, and one that is NaN still shows.
        var maximum = RowMaximum(x, width);
        if (float.IsNegativeInfinity(maximum)) maximum = 0;
        var sum = RowExponentials(x, width, maximum);
        var scale = TLanes.Broadcast(sum == 0 ? 0 : 1 / sum);
        var i = 0;
        for (; i <= width - TLanes.Count; i += TLanes.Count) TLanes.Store(x + i, TLanes.Multiply(TLanes.Load(x + i), scale));
        if (i < width) TLanes.StorePart(x + i, TLanes.Multiply(TLanes.LoadPart(x + i, width - i, TLanes.Zero), scale), width - i);
    }

    /// <summary>The largest number of a row; any number where one is NaN. -∞ for an empty row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float RowMaximum(float* x, int width)
    {
        var lowest = TLanes.Broadcast(float.NegativeInfinity);
        var largest = LanesPair<TLanes>.Both(lowest);
        var i = 0;
        for (; i <= width - LanesPair<TLanes>.Count; i += LanesPair<TLanes>.Count) largest = LanesPair<TLanes>.Max(largest, LanesPair<TLanes>.Load(x + i));
        var last = lowest;
        for (; i <= width - TLanes.Count; i += TLanes.Count) last = TLanes.Max(last, TLanes.Load(x + i));
        if (i < width) last = TLanes.Max(last, TLanes.LoadPart(x + i, width - i, lowest));
        return MathF.Max(LanesPair<TLanes>.Maximum(largest), TLanes.Maximum(last));
    }

    /// <summary>Each number to e^(x - maximum), and their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float RowExponentials(float* x, int width, float maximum)
    {
        var largest = TLanes.Broadcast(maximum);
        var largests = LanesPair<TLanes>.Both(largest);
        var sums = LanesPair<TLanes>.Zero;
        var i = 0;
        for (; i <= width - LanesPair<TLanes>.Count; i += LanesPair<TLanes>.Count)
        {
            var e = LaneFunctions.ExpCapped(LanesPair<TLanes>.Subtract(LanesPair<TLanes>.Load(x + i), largests));
            LanesPair<TLanes>.Store(x + i, e);
            sums = LanesPair<TLanes>.Add(sums, e);
        }

        var rest = TLanes.Zero;
        for (; i <= width - TLanes.Count; i += TLanes.Count)
        {
            var e = ExpCapped(TLanes.Subtract(TLanes.Load(x + i), largest));
            TLanes.Store(x + i, e);
            rest = TLanes.Add(rest, e);
        }

        if (i < width)
        {
            var e = ExpCapped(TLanes.Subtract(TLanes.LoadPart(x + i, width - i, TLanes.Broadcast(float.NegativeInfinity)), largest));
            TLanes.StorePart(x + i, e, width - i);
            rest = TLanes.Add(rest, e);
        }

        return LanesPair<TLanes>.Sum(sums) + TLanes.Sum(rest);
    }
}
