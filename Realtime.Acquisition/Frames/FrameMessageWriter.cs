using System.Buffers.Binary;
using Realtime.Acquisition.MessagePack;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Frames;

/// <summary>Writes the messages that carry a session's video frames (docs/frames.md). One thread; allocates nothing after construction.</summary>
public sealed class FrameMessageWriter
{
    // A map of six short keys with numbers of at most 9 bytes.
    private const int MaxHeaderBytes = 128;

    private readonly SessionFrames _frames;
    private readonly byte[] _header = new byte[MaxHeaderBytes];
    private readonly byte[] _pixels;
    private int _headerBytes;

    public FrameMessageWriter(SessionFrames frames)
    {
        _frames = frames;
        _pixels = new byte[frames.AreBytes ? 0 : checked(frames.Shape.Pixels * sizeof(float))];
    }

    /// <summary>The second part.</summary>
    public ReadOnlySpan<byte> Header => _header.AsSpan(0, _headerBytes);

    /// <summary>Bytes of the third part.</summary>
    public static long PixelBytes(SessionFrames frames) => frames.Shape.Pixels * (frames.AreBytes ? 1L : sizeof(float));

    /// <summary>Writes a frame's header and gives its pixels, the third part; both hold until the next call.</summary>
    /// <param name="frame">Of the session, from 0.</param>
    /// <param name="number">The sender's running number.</param>
    /// <param name="sample">Sample number at which it is shown.</param>
    public ReadOnlySpan<byte> Write(int frame, long number, long sample)
    {
        var writer = new MsgPackWriter(_header);
        writer.WriteMapHeader(6);
        writer.WriteString("v"u8);
        writer.WriteInt64(FrameMessage.Version);
        writer.WriteString("seq"u8);
        writer.WriteInt64(number);
        writer.WriteString("sample"u8);
        writer.WriteInt64(sample);
        writer.WriteString("height"u8);
        writer.WriteInt64(_frames.Shape.Height);
        writer.WriteString("width"u8);
        writer.WriteInt64(_frames.Shape.Width);
        writer.WriteString("dtype"u8);
        writer.WriteString(_frames.AreBytes ? "u1"u8 : "f4"u8);
        _headerBytes = writer.Written;
        var pixels = _frames.Shape.Pixels;
        if (_frames.AreBytes) return _frames.Bytes.Slice(frame * pixels, pixels);
        for (var i = 0; i < pixels; i++) BinaryPrimitives.WriteSingleLittleEndian(_pixels.AsSpan(sizeof(float) * i), _frames.Numbers[frame * pixels + i]);
        return _pixels;
    }
}
