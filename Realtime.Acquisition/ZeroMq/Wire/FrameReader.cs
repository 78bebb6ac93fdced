using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// Cuts a byte stream into messages and commands, in place: nothing is copied and nothing is allocated for a message. A length is checked
/// against the limits before its bytes are waited for, so a peer cannot make us hold more than the limits. One thread.
/// </summary>
internal sealed class FrameReader
{
    // Moving less than this to the front costs less than the cache misses of walking through a large buffer.
    private const int CheapMove = 4096;

    private readonly FrameLimits _limits;
    private readonly int _maxCapacity;
    private readonly int[] _offsets = new int[ZmtpMessage.FrameCapacity];
    private readonly int[] _lengths = new int[ZmtpMessage.FrameCapacity];
    private byte[] _buffer;
    private int _start; // first byte of the message under assembly
    private int _scan; // first byte not yet parsed
    private int _end; // end of the received bytes
    private int _missing; // bytes that the frame at _scan still lacks, when known
    private int _frames;
    private int _messageBytes;
    private int _commandOffset;
    private int _commandLength;

    /// <param name="limits">Largest frame, message and number of frames.</param>
    /// <param name="fullBuffer">True takes all memory now (the hot path); false grows the buffer as bytes arrive, up to the same
    /// size.</param>
    public FrameReader(FrameLimits limits, bool fullBuffer)
    {
        _limits = limits;
        _maxCapacity = limits.BufferBytes;
        _buffer = GC.AllocateUninitializedArray<byte>(fullBuffer ? _maxCapacity : Math.Min(_maxCapacity, 8 * 1024), pinned: fullBuffer);
    }

    /// <summary>Why the stream is no ZMTP, after <see cref="FrameRead.Invalid"/>.</summary>
    public string? Error { get; private set; }

    /// <summary>Bytes received and not yet parsed.</summary>
    public ReadOnlySpan<byte> Unparsed => _buffer.AsSpan(_scan, _end - _scan);

    /// <summary>The command just read; valid until <see cref="Space"/> is asked for.</summary>
    public ReadOnlySpan<byte> Command => _buffer.AsSpan(_commandOffset, _commandLength);

    /// <summary>
    /// Room for the next bytes from the socket; empty only when a peer has filled a message with commands beyond all room.
    /// </summary>
    public Span<byte> Space()
    {
        if (_start == _end) _start = _scan = _end = 0;
        var held = _end - _start;
        var wanted = Math.Max(FrameLimits.ReadAhead, _missing);
        if (_start > 0 && (held <= CheapMove || _buffer.Length - _end < wanted)) MoveToFront(held);
        if (_end == _buffer.Length && _buffer.Length < _maxCapacity) Grow();
        return _buffer.AsSpan(_end, Math.Min(_buffer.Length - _end, wanted));
    }

    /// <summary>Says that <paramref name="count"/> bytes were written into <see cref="Space"/>.</summary>
    public void Received(int count) => _end += count;

    /// <summary>Passes over bytes that are no frames: the greeting.</summary>
    public void Skip(int count)
    {
        _scan += count;
        _start = _scan;
    }

    /// <summary>
    /// Parses until a message or a command is complete. The frames of the message stay valid until <see cref="Space"/> is asked for.
    /// </summary>
    public FrameRead TryRead(ZmtpMessage message)
    {
        while (true)
        {
            var rest = new ReadOnlySpan<byte>(_buffer, _scan, _end - _scan);
            _missing = 0;
            if (rest.Length < 2) return FrameRead.NeedMore;
            var flags = rest[0];
            if ((flags & FrameWriter.Reserved) != 0) return Fail($"a frame with reserved flag bits (0x{flags:x2})");
            int header;
            int length;
            if ((flags & FrameWriter.Long) == 0)
            {
                header = 2;
                length = rest[1];
            }
            else
            {
                header = FrameWriter.MaxHeaderBytes;
                if (rest.Length < header) return FrameRead.NeedMore;
                var size = BinaryPrimitives.ReadUInt64BigEndian(rest[1..]);
                if (size > int.MaxValue) return Fail(string.Create(CultureInfo.InvariantCulture, $"a frame that claims {size} bytes"));
                length = (int)size;
            }

            var command = (flags & FrameWriter.Command) != 0;
            if (!Allowed(command, flags, length)) return FrameRead.Invalid;
            if (rest.Length - header < length)
            {
                _missing = length - (rest.Length - header);
                return FrameRead.NeedMore;
            }

            var body = _scan + header;
            _scan = body + length;
            if (command)
            {
                _commandOffset = body;
                _commandLength = length;
                if (_frames == 0) _start = _scan;
                return FrameRead.Command;
            }

            _offsets[_frames] = body - _start;
            _lengths[_frames] = length;
            _frames++;
            _messageBytes += length;
            if ((flags & FrameWriter.More) != 0) continue;

            message.Set(_buffer, _start, _offsets.AsSpan(0, _frames), _lengths.AsSpan(0, _frames));
            _frames = 0;
            _messageBytes = 0;
            _start = _scan;
            return FrameRead.Message;
        }
    }

    private bool Allowed(bool command, byte flags, int length)
    {
        if (command)
        {
            if ((flags & FrameWriter.More) != 0) return Refuse("a command that claims to be part of a message");
            if (length > FrameLimits.CommandBytes) return Refuse(Limit("a command", length, FrameLimits.CommandBytes));
            return true;
        }

        if (length > _limits.FrameBytes) return Refuse(Limit("a frame", length, _limits.FrameBytes));
        if (_frames == _limits.Frames) return Refuse($"a message of more than {_limits.Frames} frames");
        if (_messageBytes + (long)length > _limits.MessageBytes)
        {
            return Refuse(Limit("a message", _messageBytes + (long)length, _limits.MessageBytes));
        }
        return true;
    }

    private static string Limit(string what, long bytes, int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} of {bytes} bytes (the limit is {limit})");

    private bool Refuse(string what)
    {
        Fail(what);
        return false;
    }

    private FrameRead Fail([NotNull] string what)
    {
        Error = what;
        return FrameRead.Invalid;
    }

    private void MoveToFront(int held)
    {
        Buffer.BlockCopy(_buffer, _start, _buffer, 0, held);
        _scan -= _start;
        _end = held;
        _start = 0;
    }

    private void Grow()
    {
        var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(_maxCapacity, _buffer.Length * 2L));
        Buffer.BlockCopy(_buffer, 0, larger, 0, _end);
        _buffer = larger;
    }
}
