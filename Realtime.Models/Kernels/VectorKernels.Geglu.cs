using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void Geglu(ReadOnlySpan<float> hidden, int rows, int half, Span<float> output)
    {
        Need(rows >= 0 && half >= 0, "A size is negative.");
        Need(hidden.Length >= 2L * rows * half && output.Length >= (long)rows * half, "A matrix is shorter than its rows.");
        fixed (float* from = hidden, to = output)
        {
            for (var row = 0; row < rows; row++)
            {
                var a = from + 2L * row * half;
                GegluRow(a, a + half, half, to + (long)row * half);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GegluRow(float* a, float* gate, int width, float* output)
    {
        var i = 0;
        for (; i <= width - LanesPair<TLanes>.Count; i += LanesPair<TLanes>.Count)
        {
            var opened = LaneFunctions.Gelu(LanesPair<TLanes>.Load(gate + i));
            LanesPair<TLanes>.Store(output + i, LanesPair<TLanes>.Multiply(LanesPair<TLanes>.Load(a + i), opened));
        }

        for (; i <= width - TLanes.Count; i += TLanes.Count)
            TLanes.Store(output + i, TLanes.Multiply(TLanes.Load(a + i), LaneFunctions.Gelu(TLanes.Load(gate + i))));
        if (i == width) return;
        var last = LaneFunctions.Gelu(TLanes.LoadPart(gate + i, width - i, TLanes.Zero));
        TLanes.StorePart(output + i, TLanes.Multiply(TLanes.LoadPart(a + i, width - i, TLanes.Zero), last), width - i);
    }
}
