using System.Runtime.Intrinsics.X86;

namespace Realtime.Models.Kernels;

/// <summary>Brings memory into the cache in equal shares between other work, without waiting for it. The default does nothing.</summary>
internal unsafe struct Prefetch
{
    /// <summary>Numbers in a line of the cache.</summary>
    public const int Line = 16;

    private readonly float* _end;
    private readonly nint _share;
    private float* _next;

    /// <param name="address">Where to begin.</param>
    /// <param name="count">Numbers.</param>
    /// <param name="shares">Calls of <see cref="Next"/> that will be made.</param>
    public Prefetch(float* address, int count, int shares)
    {
        if (!Sse.IsSupported || shares == 0) return;
        _next = address;
        _end = address + count;
        _share = (count / Line + shares - 1) / shares * Line;
    }

    /// <summary>Asks for the next share.</summary>
    public void Next()
    {
        var end = _next + _share < _end ? _next + _share : _end;
        for (; _next < end; _next += Line) Sse.Prefetch0(_next);
    }
}
