using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

/// <summary>A zeroed block of float32 numbers that begins on a cache line and never moves. Any thread.</summary>
public sealed unsafe class AlignedFloats
{
    private const int LineBytes = 64;

    private readonly float[] _array;
    private readonly int _first;

    public AlignedFloats(int length)
    {
        Length = length;
        _array = GC.AllocateArray<float>(checked(length + LineBytes / sizeof(float)), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref _array[0]);
        _first = (int)((LineBytes - address % LineBytes) % LineBytes / sizeof(float));
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_first, Length);

    internal float* Pointer => (float*)Unsafe.AsPointer(ref _array[_first]);
}
