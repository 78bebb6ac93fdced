using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

/// <summary>
/// Elementary functions of a register of numbers, the same sequence of operations for every number. The polynomials are own minimax fits;
/// docs/kernels.md says how they are made and what the measured errors are.
/// </summary>
internal static class LaneFunctions
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

    /// <summary>e to the x: relative error below 2e-7 in [-87.3, 88], 0 below, e^88 above; NaN stays NaN. e^0 is exactly 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, ILanes<T> => ExpCapped(T.Min(T.Broadcast(ExpHighest), x));

    /// <summary><see cref="Exp"/> for numbers that are not above 88 (after a maximum was taken off).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpCapped<T>(T x) where T : struct, ILanes<T>
    {
        // x = n ln 2 + r, |r| <= ln 2 / 2.
        var whole = T.MultiplyAdd(x, T.Broadcast(Log2E), T.Broadcast(WholePlus127));
        var n = T.Subtract(whole, T.Broadcast(WholePlus127));
        var r = T.NegatedMultiplyAdd(n, T.Broadcast(Ln2High), x);
        r = T.NegatedMultiplyAdd(n, T.Broadcast(Ln2Low), r);
        var scale = T.LowBitsToExponent(whole);

        // (e^r - 1) / r: minimax in the relative error of e^r, 9.2e-8. The last step adds 2^n, so that only it rounds.
        var p = T.MultiplyAdd(T.Broadcast(0.00828906987f), r, T.Broadcast(0.0418981574f));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.166676551f));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.499991477f));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.999999702f));
        var result = T.MultiplyAdd(T.Multiply(p, r), scale, scale);
        return T.ZeroWhereLess(x, T.Broadcast(ExpLowest), result);
    }
}
