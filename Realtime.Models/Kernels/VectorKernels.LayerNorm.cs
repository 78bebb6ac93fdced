using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    private const float NormalizeEpsilon = 1e-5f;

    public override void Normalize(ReadOnlySpan<float> x, int rows, int width, Span<float> y)
    {
        NeedRows(x, rows, width, y);
        fixed (float* px = x, py = y)
        {
            for (var row = 0; row < rows; row++) NormalizeRow(px + (long)row * width, width, null, null, py + (long)row * width);
        }
    }

    public override void LayerNorm(ReadOnlySpan<float> x, int rows, int width, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, Span<float> y)
    {
        NeedRows(x, rows, width, y);
        Need(gain.Length >= width && bias.Length >= width, "Gain or bias is shorter than the rows.");
        fixed (float* px = x, py = y, pGain = gain, pBias = bias)
        {
            for (var row = 0; row < rows; row++) NormalizeRow(px + (long)row * width, width, pGain, pBias, py + (long)row * width);
        }
    }

    private static void NeedRows(ReadOnlySpan<float> x, int rows, int width, Span<float> y)
    {
        Need(rows >= 0 && width >= 0, "A size is negative.");
        Need(x.Length >= (long)rows * width && y.Length >= (long)rows * width, "A matrix is shorter than its rows.");
    }

    /// <summary>One row: mean, then the mean square of what is left without it, then the output. Without gain and bias these are null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NormalizeRow(float* x, int width, float* gain, float* bias, float* y)
    {
        var mean = TLanes.Broadcast(RowSum(x, width) / width);
        var scale = TLanes.Broadcast(1 / MathF.Sqrt(RowSquares(x, width, mean) / width + NormalizeEpsilon));
        var i = 0;
        for (; i <= width - TLanes.Count; i += TLanes.Count)
        {
            var value = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + i), mean), scale);
            if (gain != null) value = TLanes.MultiplyAdd(value, TLanes.Load(gain + i), TLanes.Load(bias + i));
            TLanes.Store(y + i, value);
        }

        var rest = width - i;
        if (rest == 0) return;
        var last = TLanes.Multiply(TLanes.Subtract(TLanes.LoadPart(x + i, rest, mean), mean), scale);
        if (gain != null) last = TLanes.MultiplyAdd(last, TLanes.LoadPart(gain + i, rest, TLanes.Zero), TLanes.LoadPart(bias + i, rest, TLanes.Zero));
        TLanes.StorePart(y + i, last, rest);
    }

    // Four registers of sums at a time, so that additions do not wait for each other; what is left in one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float RowSum(float* x, int width)
    {
        var sums = LanesPair<LanesPair<TLanes>>.Zero;
        var i = 0;
        for (; i <= width - LanesPair<LanesPair<TLanes>>.Count; i += LanesPair<LanesPair<TLanes>>.Count)
            sums = LanesPair<LanesPair<TLanes>>.Add(sums, LanesPair<LanesPair<TLanes>>.Load(x + i));
        var rest = TLanes.Zero;
        for (; i <= width - TLanes.Count; i += TLanes.Count) rest = TLanes.Add(rest, TLanes.Load(x + i));
        if (i < width) rest = TLanes.Add(rest, TLanes.LoadPart(x + i, width - i, TLanes.Zero));
        return LanesPair<LanesPair<TLanes>>.Sum(sums) + TLanes.Sum(rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float RowSquares(float* x, int width, TLanes mean)
    {
        var sums = LanesPair<LanesPair<TLanes>>.Zero;
        var means = LanesPair<LanesPair<TLanes>>.Both(LanesPair<TLanes>.Both(mean));
        var i = 0;
        for (; i <= width - LanesPair<LanesPair<TLanes>>.Count; i += LanesPair<LanesPair<TLanes>>.Count)
        {
            var far = LanesPair<LanesPair<TLanes>>.Subtract(LanesPair<LanesPair<TLanes>>.Load(x + i), means);
            sums = LanesPair<LanesPair<TLanes>>.MultiplyAdd(far, far, sums);
        }

        var rest = TLanes.Zero;
        for (; i <= width - TLanes.Count; i += TLanes.Count)
        {
            var far = TLanes.Subtract(TLanes.Load(x + i), mean);
            rest = TLanes.MultiplyAdd(far, far, rest);
        }

        if (i < width)
        {
            var far = TLanes.Subtract(TLanes.LoadPart(x + i, width - i, mean), mean);
            rest = TLanes.MultiplyAdd(far, far, rest);
        }

        return LanesPair<LanesPair<TLanes>>.Sum(sums) + TLanes.Sum(rest);
    }
}
