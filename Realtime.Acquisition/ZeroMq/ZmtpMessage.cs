namespace Realtime.Acquisition.ZeroMq;

/// <summary>
/// One received message. Made once and used for every receive: the frames lie in the socket's own buffer and are valid until the next
/// receive (or request) on that socket. One thread.
/// </summary>
public sealed class ZmtpMessage
{
    /// <summary>Most frames that a message can hold, whatever the options say.</summary>
    public const int FrameCapacity = 64;

    private readonly int[] _offsets = new int[FrameCapacity];
    private readonly int[] _lengths = new int[FrameCapacity];
    private byte[] _buffer = [];
    private int _first;
    private int _count;

    /// <summary>Frames of the message; 0 before the first receive. The envelope of a request or reply is not counted.</summary>
    public int FrameCount => _count - _first;

    /// <summary>
    /// Host monotonic time, ns (<see cref="Engine.Time.MonotonicClock"/>), at which the last byte of the message had been received.
    /// </summary>
    public long ArrivalNs { get; internal set; }

    /// <summary>Payload bytes of all frames, without their headers.</summary>
    public int TotalBytes
    {
        get
        {
            var total = 0;
            for (var i = _first; i < _count; i++) total += _lengths[i];
            return total;
        }
    }

    /// <summary>The payload of a frame, 0 .. <see cref="FrameCount"/> - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public ReadOnlySpan<byte> this[int frame]
    {
        get
        {
            if ((uint)frame >= (uint)FrameCount) ThrowNoFrame(frame);
            return new ReadOnlySpan<byte>(_buffer, _offsets[_first + frame], _lengths[_first + frame]);
        }
    }

    /// <summary>
    /// Takes the frames of a message that lies in <paramref name="buffer"/>; offsets are counted from <paramref name="origin"/>.
    /// </summary>
    internal void Set(byte[] buffer, int origin, ReadOnlySpan<int> offsets, ReadOnlySpan<int> lengths)
    {
        _buffer = buffer;
        _first = 0;
        _count = offsets.Length;
        for (var i = 0; i < offsets.Length; i++)
        {
            _offsets[i] = origin + offsets[i];
            _lengths[i] = lengths[i];
        }
    }

    /// <summary>Hides the first frames: a routing envelope.</summary>
    internal void HideFrames(int count) => _first += count;

    internal void Clear() => _first = _count = 0;

    private void ThrowNoFrame(int frame) =>
        throw new ArgumentOutOfRangeException(nameof(frame), frame, $"The message has {FrameCount} frames.");
}
