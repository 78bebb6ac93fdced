using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void GeluGradient(float* x, float* dy, int length, float* dx, bool accumulate)
    {
        for (var i = 0; i < length; i += TLanes.Count)
        {
            var left = length - i;
            LaneFunctions.GeluWithSlope(Read(x + i, left), out _, out var slope);
            Put(dx + i, TLanes.Multiply(Read(dy + i, left), slope), left, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void SoftsignGradient(float* x, float* dy, int length, float scale, float* dx, bool accumulate)
    {
        var (one, scales) = (TLanes.Broadcast(1f), TLanes.Broadcast(scale));
        for (var i = 0; i < length; i += TLanes.Count)
        {
            // NB: two divisions, as the square of what they divide by overflows for a large x.
            var left = length - i;
            var below = TLanes.Add(one, TLanes.Abs(Read(x + i, left)));
            var flow = TLanes.Multiply(scales, Read(dy + i, left));
            Put(dx + i, TLanes.Divide(TLanes.Divide(flow, below), below), left, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void ReluGradient(float* x, float* dy, int length, float* dx, bool accumulate)
    {
        for (var i = 0; i < length; i += TLanes.Count)
        {
            var left = length - i;
            Put(dx + i, TLanes.SelectLess(TLanes.Zero, Read(x + i, left), Read(dy + i, left), TLanes.Zero), left, accumulate);
        }
    }
}
