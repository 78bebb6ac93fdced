using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Models.Kernels;

/// <summary>Turns four rows into four columns.</summary>
internal static unsafe class Transpose4
{
    /// <summary>target[i × targetStride + r] = source[r × stride + i] for four rows r.</summary>
    public static void Columns(float* source, nint stride, int width, float* target, nint targetStride)
    {
        float* r0 = source, r1 = source + stride, r2 = source + 2 * stride, r3 = source + 3 * stride;
        var i = 0;
        if (Sse.IsSupported)
        {
            for (; i + 4 <= width; i += 4)
            {
                Vector128<float> a = Sse.LoadVector128(r0 + i), b = Sse.LoadVector128(r1 + i), c = Sse.LoadVector128(r2 + i), d = Sse.LoadVector128(r3 + i);
                Vector128<float> ab0 = Sse.UnpackLow(a, b), cd0 = Sse.UnpackLow(c, d), ab1 = Sse.UnpackHigh(a, b), cd1 = Sse.UnpackHigh(c, d);
                Sse.Store(target + i * targetStride, Sse.MoveLowToHigh(ab0, cd0));
                Sse.Store(target + (i + 1) * targetStride, Sse.MoveHighToLow(cd0, ab0));
                Sse.Store(target + (i + 2) * targetStride, Sse.MoveLowToHigh(ab1, cd1));
                Sse.Store(target + (i + 3) * targetStride, Sse.MoveHighToLow(cd1, ab1));
            }
        }

        for (; i < width; i++)
        {
            var column = target + i * targetStride;
            (column[0], column[1], column[2], column[3]) = (r0[i], r1[i], r2[i], r3[i]);
        }
    }
}
