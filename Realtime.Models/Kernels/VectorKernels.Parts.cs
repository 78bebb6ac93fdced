using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    /// <summary>A register, or what is left of a row and zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Read(float* address, int left) => left >= TLanes.Count ? TLanes.Load(address) : TLanes.LoadPart(address, left, TLanes.Zero);

    /// <summary>A register, or as much of it as is left of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(float* address, TLanes value, int left)
    {
        if (left >= TLanes.Count) TLanes.Store(address, value);
        else TLanes.StorePart(address, value, left);
    }

    /// <summary>Writes, or adds to what is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* address, TLanes value, int left, bool accumulate) =>
        Write(address, accumulate ? TLanes.Add(Read(address, left), value) : value, left);
}
