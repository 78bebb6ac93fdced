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

    /// <summary>The same with 126, which halves the power of two.</summary>
    private const float WholePlus126 = 1.5f * (1 << 23) + 126;

    /// <summary>
    /// Beyond this the normal distribution's tail is below 2^-39, and is held there: what it is subtracted from does not change any more.
    /// </summary>
    private const float TailEnd = 7f;

    private const float Sqrt2 = 1.41421356f;

    private const float InverseSqrtTwoPi = 0.398942280f;

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

    /// <summary>The error function: absolute error below 2e-7, odd to the bit, exactly ±1 beyond ±4; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x) where T : struct, ILanes<T>
    {
        var y = T.Min(T.Broadcast(TailEnd), T.Multiply(T.Abs(x), T.Broadcast(Sqrt2)));
        return T.CopySign(T.NegatedMultiplyAdd(T.Broadcast(2f), NormalTail(y), T.Broadcast(1f)), x);
    }

    /// <summary>
    /// x Φ(x) = x (1 + erf(x / √2)) / 2, as max(x, 0) - |x| Φ(-|x|): nothing cancels, so that the error is below 5e-8 + 6e-8 |result| on
    /// both sides. NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Gelu<T>(T x) where T : struct, ILanes<T>
    {
        var y = T.Min(T.Broadcast(TailEnd), T.Abs(x));
        return T.NegatedMultiplyAdd(y, NormalTail(y), T.Max(T.Zero, x));
    }

    /// <summary>x Φ(x) and its derivative Φ(x) + x φ(x); of the latter the absolute error is below 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GeluWithSlope<T>(T x, out T gelu, out T slope) where T : struct, ILanes<T>
    {
        var y = T.Min(T.Broadcast(TailEnd), T.Abs(x));
        var tail = NormalTail(y);
        gelu = T.NegatedMultiplyAdd(y, tail, T.Max(T.Zero, x));
        var density = T.Multiply(ExpCapped(T.Multiply(T.Multiply(x, x), T.Broadcast(-0.5f))), T.Broadcast(InverseSqrtTwoPi));
        var share = T.SelectLess(x, T.Zero, tail, T.Subtract(T.Broadcast(1f), tail));
        slope = T.MultiplyAdd(x, density, share);
    }

    /// <summary>1 / (1 + e^-x): error below 3e-7 of the smaller of it and its complement; exactly 0 and 1 far out; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : struct, ILanes<T>
    {
        var small = ExpCapped(T.Subtract(T.Zero, T.Abs(x)));
        var one = T.Broadcast(1f);
        return T.Divide(T.SelectLess(x, T.Zero, small, one), T.Add(one, small));
    }

    /// <summary>(1 - e^-2|x|) / (1 + e^-2|x|) with the sign of x: absolute error below 3e-7, odd to the bit, exactly ±1 far out; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : struct, ILanes<T>
    {
        var small = ExpCapped(T.Multiply(T.Abs(x), T.Broadcast(-2f)));
        var one = T.Broadcast(1f);
        return T.CopySign(T.Divide(T.Subtract(one, small), T.Add(one, small)), x);
    }

    /// <summary>Φ(-y) for y in [0, 7], as 2^(-1 - P(y)): exactly 1/2 at 0, and the relative error stays small where the tail does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T NormalTail<T>(T y) where T : struct, ILanes<T>
    {
        // log2(2 Φ(-y)) / y: minimax in the larger error of erf and GELU, 2.1e-8.
        var p = T.MultiplyAdd(T.Broadcast(-2.54695829e-6f), y, T.Broadcast(3.63020918e-5f));
        p = T.MultiplyAdd(p, y, T.Broadcast(-1.73391512e-4f));
        p = T.MultiplyAdd(p, y, T.Broadcast(-1.63358040e-4f));
        p = T.MultiplyAdd(p, y, T.Broadcast(7.09211081e-3f));
        p = T.MultiplyAdd(p, y, T.Broadcast(-0.0525120720f));
        p = T.MultiplyAdd(p, y, T.Broadcast(-0.459204227f));
        p = T.MultiplyAdd(p, y, T.Broadcast(-1.15110552f));
        var power = T.Multiply(p, y);

        // 2^(power - 1) = 2^(n - 1) 2^r, |r| <= 1/2.
        var whole = T.Add(power, T.Broadcast(WholePlus126));
        var r = T.Subtract(power, T.Subtract(whole, T.Broadcast(WholePlus126)));
        var scale = T.LowBitsToExponent(whole);

        // (2^r - 1) / r: minimax in the relative error of 2^r, 9.3e-8.
        var q = T.MultiplyAdd(T.Broadcast(0.00132695353f), r, T.Broadcast(0.00967129227f));
        q = T.MultiplyAdd(q, r, T.Broadcast(0.0555071086f));
        q = T.MultiplyAdd(q, r, T.Broadcast(0.240222469f));
        q = T.MultiplyAdd(q, r, T.Broadcast(0.693147004f));
        return T.MultiplyAdd(T.Multiply(q, r), scale, scale);
    }
}
