using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void GruForward(float* gates, float* hidden, float* before, float* after, float* hiddenN, int width)
    {
        float* gatesZ = gates + width, gatesN = gatesZ + width;
        float* hiddenZ = hidden + width, hiddenLast = hiddenZ + width;
        for (var i = 0; i < width; i += TLanes.Count)
        {
            var left = width - i;
            var r = LaneFunctions.Sigmoid(TLanes.Add(Read(gates + i, left), Read(hidden + i, left)));
            var z = LaneFunctions.Sigmoid(TLanes.Add(Read(gatesZ + i, left), Read(hiddenZ + i, left)));
            var h = Read(hiddenLast + i, left);
            var n = LaneFunctions.Tanh(TLanes.MultiplyAdd(r, h, Read(gatesN + i, left)));
            Write(gates + i, r, left);
            Write(gatesZ + i, z, left);
            Write(gatesN + i, n, left);
            Write(hiddenN + i, h, left);
            Write(after + i, TLanes.MultiplyAdd(z, Read(before + i, left), TLanes.NegatedMultiplyAdd(z, n, n)), left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void GruBackward(float* gates, float* hiddenN, float* before, float* dAfter, float* carry, float* dInput, float* dHidden, int width)
    {
        float* gatesZ = gates + width, gatesN = gatesZ + width;
        var one = TLanes.Broadcast(1f);
        for (var i = 0; i < width; i += TLanes.Count)
        {
            var left = width - i;
            var r = Read(gates + i, left);
            var z = Read(gatesZ + i, left);
            var n = Read(gatesN + i, left);
            var flow = TLanes.Add(Read(dAfter + i, left), Read(carry + i, left));
            var open = TLanes.Subtract(one, z);
            var dz = TLanes.Multiply(TLanes.Multiply(flow, TLanes.Subtract(Read(before + i, left), n)), TLanes.Multiply(z, open));
            var dn = TLanes.Multiply(TLanes.Multiply(flow, open), TLanes.NegatedMultiplyAdd(n, n, one));
            var dr = TLanes.Multiply(TLanes.Multiply(dn, Read(hiddenN + i, left)), TLanes.Multiply(r, TLanes.Subtract(one, r)));
            Write(carry + i, TLanes.Multiply(flow, z), left);
            Write(dInput + i, dr, left);
            Write(dInput + width + i, dz, left);
            Write(dInput + 2 * width + i, dn, left);
            Write(dHidden + i, dr, left);
            Write(dHidden + width + i, dz, left);
            Write(dHidden + 2 * width + i, TLanes.Multiply(dn, r), left);
        }
    }
}
