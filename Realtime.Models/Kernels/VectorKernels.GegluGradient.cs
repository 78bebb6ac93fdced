using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    internal override void GegluGradient(float* hidden, float* dy, int rows, int half, float* dHidden, bool accumulate)
    {
        for (var row = 0; row < rows; row++, hidden += 2 * half, dHidden += 2 * half, dy += half)
            GegluRowGradient(hidden, hidden + half, dy, half, dHidden, dHidden + half, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GegluRowGradient(float* a, float* gate, float* dy, int width, float* da, float* dGate, bool accumulate)
    {
        for (var i = 0; i < width; i += TLanes.Count)
        {
            var left = width - i;
            var flow = Read(dy + i, left);
            LaneFunctions.GeluWithSlope(Read(gate + i, left), out var opened, out var slope);
            Put(da + i, TLanes.Multiply(flow, opened), left, accumulate);
            Put(dGate + i, TLanes.Multiply(TLanes.Multiply(flow, Read(a + i, left)), slope), left, accumulate);
        }
    }
}
