namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>Puts a message into wire form in a buffer taken once. One thread.</summary>
internal sealed class FrameEncoder
{
    private readonly FrameLimits _limits;
    private readonly byte[] _buffer;
    private int _length;
    private int _frames;
    private int _bodyBytes;

    public FrameEncoder(FrameLimits limits)
    {
        _limits = limits;
        _buffer =
            GC.AllocateUninitializedArray<byte>(
                limits.MessageBytes + limits.Frames * FrameWriter.MaxHeaderBytes + FrameLimits.CommandBytes,
                pinned: true);
    }

    /// <summary>The message so far, in wire form; valid until <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Wire => _buffer.AsSpan(0, _length);

    public FrameEncoder Begin()
    {
        _length = _frames = _bodyBytes = 0;
        return this;
    }

    /// <summary>Adds a frame. <paramref name="more"/> says that another one follows.</summary>
    /// <exception cref="ArgumentException">The frame or the message exceeds the options' limits.</exception>
    public FrameEncoder Add(ReadOnlySpan<byte> body, bool more)
    {
        if (body.Length > _limits.FrameBytes || _bodyBytes + (long)body.Length > _limits.MessageBytes || _frames == _limits.Frames)
        {
            ThrowTooLarge(body.Length);
        }
        _length += FrameWriter.Write(_buffer.AsSpan(_length), body, more ? FrameWriter.More : (byte)0);
        _bodyBytes += body.Length;
        _frames++;
        return this;
    }

    /// <summary>
    /// Adds frames that are in wire form already and do not count against the limits: an envelope of at most a command's length.
    /// </summary>
    public FrameEncoder AddRaw(ReadOnlySpan<byte> wire)
    {
        wire.CopyTo(_buffer.AsSpan(_length));
        _length += wire.Length;
        return this;
    }

    private void ThrowTooLarge(int bytes) => throw new ArgumentException(
        $"Frame {_frames + 1} of {bytes} bytes exceeds the socket's limits: {_limits.FrameBytes} bytes a frame, "
        + $"{_limits.Frames} frames and "
        + $"{_limits.MessageBytes} bytes a message. Raise {nameof(ZmtpOptions)}.{nameof(ZmtpOptions.MaxFrameBytes)} and its neighbours.");
}
