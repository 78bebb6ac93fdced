using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

/// <summary>
/// Two registers, worked on in turns. Each step of a long chain of arithmetic waits for the one before it; a second chain beside it gives
/// the processor work meanwhile, and constants are loaded once for both. A number gets the same arithmetic as in one register.
/// </summary>
/// <typeparam name="T">One register.</typeparam>
internal readonly unsafe struct LanesPair<T> : ILanes<LanesPair<T>> where T : struct, ILanes<T>
{
    private readonly T _low;
    private readonly T _high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LanesPair(T low, T high)
    {
        _low = low;
        _high = high;
    }

    public static int Count => 2 * T.Count;

    public static int TileRows => T.TileRows / 2;

    public static LanesPair<T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(T.Zero, T.Zero);
    }

    /// <summary>The same register twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Both(T value) => new(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Load(float* address) =>
        new(T.Load(address), T.Load(address + T.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, LanesPair<T> value)
    {
        T.Store(address, value._low);
        T.Store(address + T.Count, value._high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Broadcast(float value)
    {
        var both = T.Broadcast(value);
        return new(both, both);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Add(LanesPair<T> a, LanesPair<T> b) =>
        new(T.Add(a._low, b._low), T.Add(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Subtract(LanesPair<T> a, LanesPair<T> b) =>
        new(T.Subtract(a._low, b._low), T.Subtract(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Multiply(LanesPair<T> a, LanesPair<T> b) =>
        new(T.Multiply(a._low, b._low), T.Multiply(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Divide(LanesPair<T> a, LanesPair<T> b) =>
        new(T.Divide(a._low, b._low), T.Divide(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> MultiplyAdd(LanesPair<T> a, LanesPair<T> b, LanesPair<T> c) =>
        new(T.MultiplyAdd(a._low, b._low, c._low), T.MultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> NegatedMultiplyAdd(LanesPair<T> a, LanesPair<T> b, LanesPair<T> c) =>
        new(T.NegatedMultiplyAdd(a._low, b._low, c._low), T.NegatedMultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Max(LanesPair<T> a, LanesPair<T> b) =>
        new(T.Max(a._low, b._low), T.Max(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Min(LanesPair<T> a, LanesPair<T> b) =>
        new(T.Min(a._low, b._low), T.Min(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Abs(LanesPair<T> a) =>
        new(T.Abs(a._low), T.Abs(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> CopySign(LanesPair<T> magnitude, LanesPair<T> sign) =>
        new(T.CopySign(magnitude._low, sign._low), T.CopySign(magnitude._high, sign._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Round(LanesPair<T> a) =>
        new(T.Round(a._low), T.Round(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> PowerOfTwo(LanesPair<T> wholeNumbers) =>
        new(T.PowerOfTwo(wholeNumbers._low), T.PowerOfTwo(wholeNumbers._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> SelectLess(LanesPair<T> a, LanesPair<T> b, LanesPair<T> whenLess, LanesPair<T> otherwise) =>
        new(T.SelectLess(a._low, b._low, whenLess._low, otherwise._low), T.SelectLess(a._high, b._high, whenLess._high, otherwise._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> ZeroWhereLess(LanesPair<T> a, LanesPair<T> b, LanesPair<T> value) =>
        new(T.ZeroWhereLess(a._low, b._low, value._low), T.ZeroWhereLess(a._high, b._high, value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> LowBitsToExponent(LanesPair<T> a) =>
        new(T.LowBitsToExponent(a._low), T.LowBitsToExponent(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> LoadPart(float* address, int count, LanesPair<T> otherwise) =>
        count < T.Count
            ? new(T.LoadPart(address, count, otherwise._low), otherwise._high)
            : new(T.Load(address), T.LoadPart(address + T.Count, count - T.Count, otherwise._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(float* address, LanesPair<T> value, int count)
    {
        if (count < T.Count)
        {
            T.StorePart(address, value._low, count);
            return;
        }

        T.Store(address, value._low);
        T.StorePart(address + T.Count, value._high, count - T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> SwapPairs(LanesPair<T> a) =>
        new(T.SwapPairs(a._low), T.SwapPairs(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPair<T> Kept(uint first, in DropoutDraw draw) =>
        new(T.Kept(first, draw), T.Kept(first + (uint)T.Count, draw));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(LanesPair<T> a) =>
        T.Sum(T.Add(a._low, a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(LanesPair<T> a) =>
        T.Maximum(T.Max(a._low, a._high));
}
