using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    internal override void LayerNormGradient(float* x, float* dy, int rows, int width, float* gain, float* dx, bool accumulate, float* dGain, float* dBias)
    {
        for (var row = 0; row < rows; row++, x += width, dy += width)
        {
            NormalizedGradient(x, dy, width, gain, dx, accumulate, dGain, dBias);
            if (dx is not null) dx += width;
        }
    }

    /// <summary>With n the normalised row and g = dy × gain: dx = (g - mean(g) - n mean(g n)) / deviation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NormalizedGradient(float* x, float* dy, int width, float* gain, float* dx, bool accumulate, float* dGain, float* dBias)
    {
        // Mean and deviation are found again, which costs less than to keep them.
        var mean = TLanes.Broadcast(RowSum(x, width) / width);
        var scale = TLanes.Broadcast(1 / MathF.Sqrt(RowSquares(x, width, mean) / width + NormalizeEpsilon));
        var sum = TLanes.Zero;
        var sumWithNormal = TLanes.Zero;
        for (var i = 0; i < width; i += TLanes.Count)
        {
            var left = width - i;
            var flow = Read(dy + i, left);
            var normal = TLanes.Multiply(TLanes.Subtract(Read(x + i, left), mean), scale);
            var scaled = TLanes.Multiply(flow, Read(gain + i, left));
            sum = TLanes.Add(sum, scaled);
            sumWithNormal = TLanes.MultiplyAdd(scaled, normal, sumWithNormal);
            if (dGain is not null) Write(dGain + i, TLanes.MultiplyAdd(flow, normal, Read(dGain + i, left)), left);
            if (dBias is not null) Put(dBias + i, flow, left, accumulate: true);
        }

        if (dx is null) return;
        var offset = TLanes.Broadcast(TLanes.Sum(sum) / width);
        var share = TLanes.Broadcast(TLanes.Sum(sumWithNormal) / width);
        for (var i = 0; i < width; i += TLanes.Count)
        {
            var left = width - i;
            var normal = TLanes.Multiply(TLanes.Subtract(Read(x + i, left), mean), scale);
            var scaled = TLanes.Multiply(Read(dy + i, left), Read(gain + i, left));
            var gradient = TLanes.Multiply(TLanes.NegatedMultiplyAdd(normal, share, TLanes.Subtract(scaled, offset)), scale);
            Put(dx + i, gradient, left, accumulate);
        }
    }
}
