using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void Erf(ReadOnlySpan<float> x, Span<float> y)
    {
        Need(y.Length >= x.Length, "The output is shorter than the input.");
        fixed (float* px = x, py = y) Erf(px, py, x.Length);
    }

    /// <summary><see cref="LaneFunctions.Erf"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Erf(TLanes x) => LaneFunctions.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Erf(float* x, float* y, int length)
    {
        var i = 0;
        for (; i <= length - LanesPair<TLanes>.Count; i += LanesPair<TLanes>.Count)
            LanesPair<TLanes>.Store(y + i, LaneFunctions.Erf(LanesPair<TLanes>.Load(x + i)));
        for (; i <= length - TLanes.Count; i += TLanes.Count) TLanes.Store(y + i, Erf(TLanes.Load(x + i)));
        if (i < length) TLanes.StorePart(y + i, Erf(TLanes.LoadPart(x + i, length - i, TLanes.Zero)), length - i);
    }
}
