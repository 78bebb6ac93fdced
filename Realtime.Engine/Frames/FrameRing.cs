using Realtime.Engine.Decoding;
using Realtime.Engine.Rings;

namespace Realtime.Engine.Frames;

/// <summary>Video frames on their way from one producer thread to one consumer thread, without a copy on the consumer's side. Nothing is allocated after construction.</summary>
public sealed class FrameRing
{
    private readonly float[] _pixels;
    private readonly SpscRing<(FrameStamp Stamp, int Slot)> _filled;
    private readonly SpscRing<int> _free;
    private int _writing = -1;
    private bool _isHeld;
    private (FrameStamp Stamp, int Slot) _held;

    /// <param name="shape">Size of every frame.</param>
    /// <param name="capacity">Frames that may wait, a power of two from 2 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is no power of two, or outside its range.</exception>
    public FrameRing(FrameShape shape, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 256);
        Shape = shape;
        _pixels = GC.AllocateArray<float>(checked(capacity * shape.Pixels), pinned: true);
        _filled = new SpscRing<(FrameStamp, int)>(capacity);
        _free = new SpscRing<int>(capacity);
        for (var slot = 0; slot < capacity; slot++) _free.TryWrite(slot);
    }

    public FrameShape Shape { get; }

    /// <summary>Frames that may wait.</summary>
    public int Capacity => _filled.Capacity;

    /// <summary>Frames waiting; a snapshot.</summary>
    public int Count => _filled.Count + (_isHeld ? 1 : 0);

    /// <summary>A place to write the next frame's pixels to. Producer thread only. False when all places are taken.</summary>
    public bool TryBegin(out Span<float> pixels)
    {
        pixels = default;
        if (_writing < 0 && !_free.TryRead(out _writing))
        {
            _writing = -1;
            return false;
        }

        pixels = Pixels(_writing);
        return true;
    }

    /// <summary>Hands over what was written after <see cref="TryBegin"/>. Producer thread only.</summary>
    public void Commit(FrameStamp stamp)
    {
        _filled.TryWrite((stamp, _writing));
        _writing = -1;
    }

    /// <summary>The oldest frame, which stays until <see cref="Release"/>. Consumer thread only.</summary>
    public bool TryPeek(out FrameStamp stamp, out ReadOnlySpan<float> pixels)
    {
        if (!_isHeld) _isHeld = _filled.TryRead(out _held);
        stamp = _held.Stamp;
        pixels = _isHeld ? Pixels(_held.Slot) : default;
        return _isHeld;
    }

    /// <summary>Gives the place of the oldest frame back. Consumer thread only.</summary>
    public void Release()
    {
        _free.TryWrite(_held.Slot);
        _isHeld = false;
    }

    private Span<float> Pixels(int slot) => _pixels.AsSpan(slot * Shape.Pixels, Shape.Pixels);
}
