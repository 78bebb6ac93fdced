using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Models.Kernels;

/// <summary>16 numbers, AVX-512. NB: by the processor's instructions, not by Vector512's operators: where the runtime prefers 256 bits
/// these fall back to two halves.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Lanes512>
{
    private readonly Vector512<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes512(Vector512<float> v) => _v = v;

    public static bool IsSupported => Avx512F.IsSupported && Avx512DQ.IsSupported;

    public static int Count => 16;

    public static int TileRows => 8;

    public static Lanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* address) => new(Avx512F.LoadVector512(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, Lanes512 value) => Avx512F.Store(address, value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Avx512F.BroadcastScalarToVector512(Vector128.CreateScalarUnsafe(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 a, Lanes512 b) => new(Avx512F.Add(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Subtract(Lanes512 a, Lanes512 b) => new(Avx512F.Subtract(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Multiply(Lanes512 a, Lanes512 b) => new(Avx512F.Multiply(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Divide(Lanes512 a, Lanes512 b) => new(Avx512F.Divide(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 NegatedMultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) =>
        new(Avx512F.FusedMultiplyAddNegated(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Avx512F.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Avx512F.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 a) => new(Avx512F.And(a._v.AsInt32(), Vector512.Create(int.MaxValue)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 CopySign(Lanes512 magnitude, Lanes512 sign) =>
        new(Avx512F.TernaryLogic(Vector512.Create(int.MinValue), sign._v.AsInt32(), magnitude._v.AsInt32(), 0xCA).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 a) => new(Avx512F.RoundScale(a._v, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 PowerOfTwo(Lanes512 wholeNumbers) => new(Avx512F.Scale(Vector512<float>.One, wholeNumbers._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SelectLess(Lanes512 a, Lanes512 b, Lanes512 whenLess, Lanes512 otherwise) =>
        new(Avx512F.BlendVariable(otherwise._v, whenLess._v, Avx512F.CompareLessThan(a._v, b._v)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ZeroWhereLess(Lanes512 a, Lanes512 b, Lanes512 value) =>
        new(Avx512F.BlendVariable(value._v, Vector512<float>.Zero, Avx512F.CompareLessThan(a._v, b._v)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LowBitsToExponent(Lanes512 a) => new(Avx512F.ShiftLeftLogical(a._v.AsInt32(), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadPart(float* address, int count, Lanes512 otherwise) =>
        new(Avx512F.MaskLoad(address, First(count), otherwise._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(float* address, Lanes512 value, int count) => Avx512F.MaskStore(address, First(count), value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SwapPairs(Lanes512 a) => new(Avx512F.Permute4x32(a._v, 0b10_11_00_01));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Kept(uint first, in DropoutDraw draw)
    {
        var x = Avx512F.Xor(Avx512F.Add(Vector512.Create(first), Vector512<uint>.Indices), Vector512.Create(draw.FirstKey));
        x = Avx512F.Xor(x, Avx512F.ShiftRightLogical(x, 16));
        x = Avx512F.Xor(Avx512F.MultiplyLow(x, Vector512.Create(DropoutDraw.FirstFactor)), Vector512.Create(draw.SecondKey));
        x = Avx512F.Xor(x, Avx512F.ShiftRightLogical(x, 13));
        x = Avx512F.MultiplyLow(x, Vector512.Create(DropoutDraw.SecondFactor));
        x = Avx512F.Xor(x, Avx512F.ShiftRightLogical(x, 16));
        var dropped = Avx512F.CompareLessThan(Avx512F.ShiftRightLogical(x, 8).AsInt32(), Vector512.Create(draw.Threshold));
        return new(Avx512F.BlendVariable(Vector512.Create(draw.Factor), Vector512<float>.Zero, dropped.AsSingle()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes512 a)
    {
        var half = Avx.Add(a._v.GetLower(), Avx512F.ExtractVector256(a._v.AsDouble(), 1).AsSingle());
        return Lanes256.Sum(half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(Lanes512 a)
    {
        var half = Avx.Max(a._v.GetLower(), Avx512F.ExtractVector256(a._v.AsDouble(), 1).AsSingle());
        return Lanes256.Maximum(half);
    }

    /// <summary>All bits set in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> First(int count) =>
        Avx512F.CompareGreaterThan(Vector512.Create(count), Vector512<int>.Indices).AsSingle();
}
