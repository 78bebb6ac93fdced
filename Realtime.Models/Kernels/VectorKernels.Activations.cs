using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void Gelu(ReadOnlySpan<float> x, Span<float> y)
    {
        Need(y.Length >= x.Length, "The output is shorter than the input.");
        fixed (float* px = x, py = y) GeluRow(px, py, x.Length);
    }

    public override void Softsign(ReadOnlySpan<float> x, float scale, Span<float> y)
    {
        Need(y.Length >= x.Length, "The output is shorter than the input.");
        fixed (float* px = x, py = y) SoftsignRow(px, scale, py, x.Length);
    }

    public override void Relu(ReadOnlySpan<float> x, Span<float> y)
    {
        Need(y.Length >= x.Length, "The output is shorter than the input.");
        fixed (float* px = x, py = y) ReluRow(px, py, x.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GeluRow(float* x, float* y, int length)
    {
        var i = 0;
        for (; i <= length - LanesPair<TLanes>.Count; i += LanesPair<TLanes>.Count)
            LanesPair<TLanes>.Store(y + i, LaneFunctions.Gelu(LanesPair<TLanes>.Load(x + i)));
        for (; i <= length - TLanes.Count; i += TLanes.Count) TLanes.Store(y + i, LaneFunctions.Gelu(TLanes.Load(x + i)));
        if (i < length) TLanes.StorePart(y + i, LaneFunctions.Gelu(TLanes.LoadPart(x + i, length - i, TLanes.Zero)), length - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftsignRow(float* x, float scale, float* y, int length)
    {
        var (one, scales) = (TLanes.Broadcast(1f), TLanes.Broadcast(scale));
        for (var i = 0; i < length; i += TLanes.Count)
        {
            var own = Read(x + i, length - i);
            Write(y + i, TLanes.Multiply(scales, TLanes.Divide(own, TLanes.Add(one, TLanes.Abs(own)))), length - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReluRow(float* x, float* y, int length)
    {
        for (var i = 0; i < length; i += TLanes.Count)
        {
            var own = Read(x + i, length - i);
            Write(y + i, TLanes.ZeroWhereLess(own, TLanes.Zero, own), length - i);
        }
    }
}
