using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Models.Kernels;

/// <summary>8 numbers, AVX2 with FMA.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Lanes256>
{
    private readonly Vector256<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes256(Vector256<float> v) => _v = v;

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int Count => 8;

    public static int TileRows => 4;

    public static Lanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* address) => new(Avx.LoadVector256(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, Lanes256 value) => Avx.Store(address, value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(Avx.Add(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Subtract(Lanes256 a, Lanes256 b) => new(Avx.Subtract(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Multiply(Lanes256 a, Lanes256 b) => new(Avx.Multiply(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Divide(Lanes256 a, Lanes256 b) => new(Avx.Divide(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Fma.MultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 NegatedMultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Fma.MultiplyAddNegated(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Avx.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Avx.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Avx.And(a._v, Vector256.Create(int.MaxValue).AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 CopySign(Lanes256 magnitude, Lanes256 sign)
    {
        var bit = Vector256.Create(int.MinValue).AsSingle();
        return new(Avx.Or(Avx.And(bit, sign._v), Avx.AndNot(bit, magnitude._v)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 a) => new(Avx.RoundToNearestInteger(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PowerOfTwo(Lanes256 wholeNumbers)
    {
        var exponents = Avx2.Add(Avx.ConvertToVector256Int32(wholeNumbers._v), Vector256.Create(127));
        return new(Avx2.ShiftLeftLogical(exponents, 23).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SelectLess(Lanes256 a, Lanes256 b, Lanes256 whenLess, Lanes256 otherwise) =>
        new(Avx.BlendVariable(otherwise._v, whenLess._v, Avx.CompareLessThan(a._v, b._v)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ZeroWhereLess(Lanes256 a, Lanes256 b, Lanes256 value) =>
        new(Avx.AndNot(Avx.CompareLessThan(a._v, b._v), value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LowBitsToExponent(Lanes256 a) => new(Avx2.ShiftLeftLogical(a._v.AsInt32(), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadPart(float* address, int count, Lanes256 otherwise)
    {
        var mask = First(count);
        return new(Avx.BlendVariable(otherwise._v, Avx.MaskLoad(address, mask), mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(float* address, Lanes256 value, int count) => Avx.MaskStore(address, First(count), value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SwapPairs(Lanes256 a) => new(Avx.Permute(a._v, 0b10_11_00_01));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Kept(uint first, in DropoutDraw draw)
    {
        var x = Avx2.Xor(Avx2.Add(Vector256.Create(first), Vector256<uint>.Indices), Vector256.Create(draw.FirstKey));
        x = Avx2.Xor(x, Avx2.ShiftRightLogical(x, 16));
        x = Avx2.Xor(Avx2.MultiplyLow(x, Vector256.Create(DropoutDraw.FirstFactor)), Vector256.Create(draw.SecondKey));
        x = Avx2.Xor(x, Avx2.ShiftRightLogical(x, 13));
        x = Avx2.MultiplyLow(x, Vector256.Create(DropoutDraw.SecondFactor));
        x = Avx2.Xor(x, Avx2.ShiftRightLogical(x, 16));
        var dropped = Avx2.CompareGreaterThan(Vector256.Create(draw.Threshold), Avx2.ShiftRightLogical(x, 8).AsInt32());
        return new(Avx.AndNot(dropped.AsSingle(), Vector256.Create(draw.Factor)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 a) => Sum(a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(Lanes256 a) => Maximum(a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sum(Vector256<float> v)
    {
        var quarter = Sse.Add(v.GetLower(), v.GetUpper());
        var pair = Sse.Add(quarter, Sse.MoveHighToLow(quarter, quarter));
        return pair.ToScalar() + pair.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Maximum(Vector256<float> v)
    {
        var quarter = Sse.Max(v.GetLower(), v.GetUpper());
        var pair = Sse.Max(quarter, Sse.MoveHighToLow(quarter, quarter));
        return MathF.Max(pair.ToScalar(), pair.GetElement(1));
    }

    /// <summary>All bits set in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(int count) =>
        Avx2.CompareGreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle();
}
