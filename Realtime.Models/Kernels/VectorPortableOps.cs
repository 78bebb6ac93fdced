using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Models.Kernels;

/// <summary>Any processor; fused where it can.</summary>
internal readonly unsafe struct VectorPortableOps : IVectorOps<Vector<float>>
{
    public static int Count => Vector<float>.Count;

    public static Vector<float> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector<float>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* address) => Vector.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* address, Vector<float> value) => value.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Broadcast(float value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Add(Vector<float> a, Vector<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c) => Vector.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LowHalves(Vector<float> words) => Vector.AsVectorSingle(Vector.ShiftLeft(Vector.AsVectorUInt32(words), 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> HighHalves(Vector<float> words) => Vector.AsVectorSingle(Vector.AsVectorUInt32(words) & Vector.Create(0xFFFF0000u));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchFar(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }
}
