using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Drop(float* x, int length, in DropoutDraw draw, float* y, bool accumulate)
    {
        var own = draw;
        for (var i = 0; i < length; i += TLanes.Count)
        {
            var left = length - i;
            Put(y + i, TLanes.Multiply(Read(x + i, left), TLanes.Kept((uint)i, own)), left, accumulate);
        }
    }
}
