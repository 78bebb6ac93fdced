using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void AddTo(float* x, float* y, int length)
    {
        var i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count) TLanes.Store(x + i, TLanes.Add(TLanes.Load(x + i), TLanes.Load(y + i)));
        if (i < length) Put(x + i, Read(y + i, length - i), length - i, accumulate: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void AddColumnSums(float* x, nint stride, int rows, int width, float* sums)
    {
        // Sums of many rows are put together from shorter ones, whose rounding errors are smaller.
        for (; rows > 0; rows -= ProductTiles.ChainLength, x += ProductTiles.ChainLength * stride)
        {
            var count = Math.Min(rows, ProductTiles.ChainLength);
            var i = 0;
            for (; i <= width - LanesPair<LanesPair<TLanes>>.Count; i += LanesPair<LanesPair<TLanes>>.Count)
            {
                var sum = LanesPair<LanesPair<TLanes>>.Zero;
                for (var row = 0; row < count; row++) sum = LanesPair<LanesPair<TLanes>>.Add(sum, LanesPair<LanesPair<TLanes>>.Load(x + row * stride + i));
                LanesPair<LanesPair<TLanes>>.Store(sums + i, LanesPair<LanesPair<TLanes>>.Add(LanesPair<LanesPair<TLanes>>.Load(sums + i), sum));
            }

            for (; i < width; i += TLanes.Count)
            {
                var sum = TLanes.Zero;
                for (var row = 0; row < count; row++) sum = TLanes.Add(sum, Read(x + row * stride + i, width - i));
                Put(sums + i, sum, width - i, accumulate: true);
            }
        }
    }
}
