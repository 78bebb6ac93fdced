using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void Rotate(Span<float> x, int stride, int heads, int headDim, RotaryTable table, int firstRow, int rows, bool back, int rowsPerTime)
    {
        var width = table.Width;
        Need(rows >= 0 && heads >= 0 && headDim >= width && stride >= (long)heads * headDim, "A stride or a head is shorter than what it holds.");
        Need(rowsPerTime > 0 && firstRow >= 0 && firstRow + (rows + rowsPerTime - 1L) / rowsPerTime <= table.Rows, "The table has fewer rows.");
        if (rows == 0 || heads == 0 || width == 0) return;
        Need(x.Length >= (rows - 1L) * stride + (heads - 1L) * headDim + width, "A matrix is shorter than its rows.");
        fixed (float* px = x)
        {
            for (var row = 0; row < rows; row += rowsPerTime)
            {
                var from = (long)(firstRow + row / rowsPerTime) * width;
                var sameTime = Math.Min(rowsPerTime, rows - row);
                RotateRows(px + (long)row * stride, stride, sameTime, heads, headDim, table.CosMemory.Pointer + from, table.SinMemory.Pointer + from, width, back);
            }
        }
    }

    /// <summary>Rows of one time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RotateRows(float* x, nint stride, int rows, int heads, int headDim, float* cos, float* sin, int width, bool back)
    {
        var i = 0;
        for (; i <= width - TLanes.Count; i += TLanes.Count)
        {
            var c = TLanes.Load(cos + i);
            var s = Turned(TLanes.Load(sin + i), back);
            for (var row = 0; row < rows; row++)
            {
                var channels = x + row * stride + i;
                for (var head = 0; head < heads; head++, channels += headDim) TLanes.Store(channels, Rotated(TLanes.Load(channels), c, s));
            }
        }

        var rest = width - i;
        if (rest == 0) return;
        var lastCos = TLanes.LoadPart(cos + i, rest, TLanes.Zero);
        var lastSin = Turned(TLanes.LoadPart(sin + i, rest, TLanes.Zero), back);
        for (var row = 0; row < rows; row++)
        {
            var channels = x + row * stride + i;
            for (var head = 0; head < heads; head++, channels += headDim)
                TLanes.StorePart(channels, Rotated(TLanes.LoadPart(channels, rest, TLanes.Zero), lastCos, lastSin), rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Turned(TLanes sin, bool back) => back ? TLanes.Subtract(TLanes.Zero, sin) : sin;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Rotated(TLanes x, TLanes cos, TLanes sin) => TLanes.MultiplyAdd(TLanes.SwapPairs(x), sin, TLanes.Multiply(x, cos));
}
