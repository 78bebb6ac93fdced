using System.Numerics;
using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

/// <summary>As many numbers as the runtime's Vector has, on any processor. Multiply-add is fused where the processor can.</summary>
internal readonly unsafe struct LanesPortable : ILanes<LanesPortable>
{
    private readonly Vector<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LanesPortable(Vector<float> v) => _v = v;

    public static int Count => Vector<float>.Count;

    public static int TileRows => 4;

    public static LanesPortable Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Load(float* address) => new(Vector.Load(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, LanesPortable value) => value._v.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Broadcast(float value) => new(Vector.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Add(LanesPortable a, LanesPortable b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Subtract(LanesPortable a, LanesPortable b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Multiply(LanesPortable a, LanesPortable b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Divide(LanesPortable a, LanesPortable b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable MultiplyAdd(LanesPortable a, LanesPortable b, LanesPortable c) =>
        new(Vector.MultiplyAddEstimate(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable NegatedMultiplyAdd(LanesPortable a, LanesPortable b, LanesPortable c) =>
        new(Vector.MultiplyAddEstimate(-a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Max(LanesPortable a, LanesPortable b) => new(Vector.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Min(LanesPortable a, LanesPortable b) => new(Vector.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Abs(LanesPortable a) => new(Vector.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable CopySign(LanesPortable magnitude, LanesPortable sign) => new(Vector.CopySign(magnitude._v, sign._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Round(LanesPortable a) => new(Vector.Round(a._v, MidpointRounding.ToEven));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable PowerOfTwo(LanesPortable wholeNumbers) =>
        new(Vector.AsVectorSingle(Vector.ShiftLeft(Vector.ConvertToInt32(wholeNumbers._v) + Vector.Create(127), 23)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable SelectLess(LanesPortable a, LanesPortable b, LanesPortable whenLess, LanesPortable otherwise) =>
        new(Vector.ConditionalSelect(Vector.LessThan(a._v, b._v), whenLess._v, otherwise._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable ZeroWhereLess(LanesPortable a, LanesPortable b, LanesPortable value) =>
        new(Vector.AsVectorSingle(Vector.AndNot(Vector.AsVectorInt32(value._v), Vector.LessThan(a._v, b._v))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable LowBitsToExponent(LanesPortable a) =>
        new(Vector.AsVectorSingle(Vector.ShiftLeft(Vector.AsVectorInt32(a._v), 23)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable LoadPart(float* address, int count, LanesPortable otherwise)
    {
        var room = otherwise._v;
        new ReadOnlySpan<float>(address, count).CopyTo(new Span<float>(&room, count));
        return new(room);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(float* address, LanesPortable value, int count)
    {
        var room = value._v;
        new ReadOnlySpan<float>(&room, count).CopyTo(new Span<float>(address, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable SwapPairs(LanesPortable a)
    {
        // Pairs as 64-bit numbers, turned by half their width.
        var pairs = Vector.AsVectorUInt64(a._v);
        return new(Vector.AsVectorSingle(Vector.ShiftLeft(pairs, 32) | Vector.ShiftRightLogical(pairs, 32)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Kept(uint first, in DropoutDraw draw)
    {
        var x = (Vector.Create(first) + Vector<uint>.Indices) ^ Vector.Create(draw.FirstKey);
        x ^= Vector.ShiftRightLogical(x, 16);
        x = (x * Vector.Create(DropoutDraw.FirstFactor)) ^ Vector.Create(draw.SecondKey);
        x ^= Vector.ShiftRightLogical(x, 13);
        x *= Vector.Create(DropoutDraw.SecondFactor);
        x ^= Vector.ShiftRightLogical(x, 16);
        var dropped = Vector.LessThan(Vector.AsVectorInt32(Vector.ShiftRightLogical(x, 8)), Vector.Create(draw.Threshold));
        return new(Vector.AsVectorSingle(Vector.AndNot(Vector.AsVectorInt32(Vector.Create(draw.Factor)), dropped)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(LanesPortable a) => Vector.Sum(a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(LanesPortable a)
    {
        var largest = a._v[0];
        for (var lane = 1; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, a._v[lane]);
        return largest;
    }
}
