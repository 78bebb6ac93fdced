using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    /// <summary>Below this, e to the x is 0; just above it, it is still a normal number.</summary>
    private const float ExpLowest = -87.3f;

    private const float ExpHighest = 88f;

    private const float Log2E = 1.44269504f;

    // ln 2 in two parts; the first has nine bits, so that its product with a whole number up to 127 is exact, fused or not.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>Added to a number, it leaves the nearest whole number plus 127 in the lowest bits: see <see cref="ILanes{TSelf}.LowBitsToExponent"/>.</summary>
    private const float WholePlus127 = 1.5f * (1 << 23) + 127;

    public override void Exp(ReadOnlySpan<float> x, Span<float> y)
    {
        Need(y.Length >= x.Length, "The output is shorter than the input.");
        fixed (float* px = x, py = y) Exp(px, py, x.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exp(float* x, float* y, int length)
    {
        var i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count) TLanes.Store(y + i, Exp(TLanes.Load(x + i)));
        if (i < length) TLanes.StorePart(y + i, Exp(TLanes.LoadPart(x + i, length - i, TLanes.Zero)), length - i);
    }

    /// <summary>e to the x: relative error below 2e-7 in [-87.3, 88], 0 below, e^88 above; NaN stays NaN. e^0 is exactly 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Exp(TLanes x) => ExpCapped(TLanes.Min(TLanes.Broadcast(ExpHighest), x));

    /// <summary><see cref="Exp(TLanes)"/> for numbers that are not above 88 (after a maximum was taken off).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ExpCapped(TLanes x)
    {
        // x = n ln 2 + r, |r| <= ln 2 / 2.
        var whole = TLanes.MultiplyAdd(x, TLanes.Broadcast(Log2E), TLanes.Broadcast(WholePlus127));
        var n = TLanes.Subtract(whole, TLanes.Broadcast(WholePlus127));
        var r = TLanes.NegatedMultiplyAdd(n, TLanes.Broadcast(Ln2High), x);
        r = TLanes.NegatedMultiplyAdd(n, TLanes.Broadcast(Ln2Low), r);
        var scale = TLanes.LowBitsToExponent(whole);

        // (e^r - 1) / r: minimax in the relative error of e^r, 9.2e-8. The last step adds 2^n, so that only it rounds.
        var p = TLanes.MultiplyAdd(TLanes.Broadcast(0.00828906987f), r, TLanes.Broadcast(0.0418981574f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(0.166676551f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(0.499991477f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(0.999999702f));
        var result = TLanes.MultiplyAdd(TLanes.Multiply(p, r), scale, scale);
        return TLanes.ZeroWhereLess(x, TLanes.Broadcast(ExpLowest), result);
    }
}
