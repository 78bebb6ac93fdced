using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void Exp(ReadOnlySpan<float> x, Span<float> y)
    {
        Need(y.Length >= x.Length, "The output is shorter than the input.");
        fixed (float* px = x, py = y) Exp(px, py, x.Length);
    }

    /// <summary><see cref="LaneFunctions.Exp"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Exp(TLanes x) => LaneFunctions.Exp(x);

    /// <summary><see cref="LaneFunctions.ExpCapped"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ExpCapped(TLanes x) => LaneFunctions.ExpCapped(x);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exp(float* x, float* y, int length)
    {
        var i = 0;
        for (; i <= length - LanesPair<TLanes>.Count; i += LanesPair<TLanes>.Count)
            LanesPair<TLanes>.Store(y + i, LaneFunctions.Exp(LanesPair<TLanes>.Load(x + i)));
        for (; i <= length - TLanes.Count; i += TLanes.Count) TLanes.Store(y + i, Exp(TLanes.Load(x + i)));
        if (i < length) TLanes.StorePart(y + i, Exp(TLanes.LoadPart(x + i, length - i, TLanes.Zero)), length - i);
    }
}
