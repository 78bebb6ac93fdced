using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Realtime.Acquisition.MessagePack;

/// <summary>
/// Reads one MessagePack message of a fixed schema, value by value, from a span. Allocates nothing and throws nothing:
/// a read that fails returns false and leaves <see cref="Error"/> and <see cref="ErrorOffset"/>, and every later read fails too,
/// so that a caller may check once at the end.
/// </summary>
/// <remarks>
/// Format: github.com/msgpack/msgpack, spec.md. Depth is bounded by the caller's schema, and in <see cref="TrySkip"/> by the limits.
/// </remarks>
public ref partial struct MsgPackReader
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly MsgPackLimits _limits;
    private int _position;

    /// <param name="message">The whole message; read in place.</param>
    /// <param name="limits">What to accept; null for <see cref="MsgPackLimits.Default"/>.</param>
    public MsgPackReader(ReadOnlySpan<byte> message, MsgPackLimits? limits = null)
    {
        _message = message;
        _limits = limits ?? MsgPackLimits.Default;
        if (message.Length > _limits.MaxMessageBytes) Fail(MsgPackError.MessageTooLong);
    }

    /// <summary>Bytes read so far: the offset of the next value.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _message.Length - _position;

    /// <summary>The first error met, or <see cref="MsgPackError.None"/>.</summary>
    public MsgPackError Error { get; private set; }

    /// <summary>Offset of the first byte of the refused value; 0 without an error.</summary>
    public int ErrorOffset { get; private set; }

    /// <summary>The kind of the next value, without reading it.</summary>
    public readonly MsgPackType NextType =>
        Error != MsgPackError.None || _position >= _message.Length ? MsgPackType.None : MsgPackCode.TypeOf(_message[_position]);

    /// <summary>Reads nil. False (and an error) where another value stands.</summary>
    public bool TryReadNil()
    {
        if (!TryExpect(MsgPackType.Nil)) return false;
        _position++;
        return true;
    }

    /// <summary>Reads true or false.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = false;
        if (!TryExpect(MsgPackType.Boolean)) return false;
        value = _message[_position++] == MsgPackCode.True;
        return true;
    }

    /// <summary>Succeeds where the message has ended without an error; bytes left over are an error.</summary>
    public bool TryReadEnd()
    {
        if (Error != MsgPackError.None) return false;
        return _position == _message.Length || Fail(MsgPackError.TrailingBytes);
    }

    /// <summary>True where the next value is of this type; otherwise records why not.</summary>
    private bool TryExpect(MsgPackType type)
    {
        if (Error != MsgPackError.None) return false;
        if (_position >= _message.Length) return Fail(MsgPackError.EndOfData);
        var found = MsgPackCode.TypeOf(_message[_position]);
        return found == type || Fail(found == MsgPackType.Reserved ? MsgPackError.ReservedByte : MsgPackError.UnexpectedType);
    }

    /// <summary>
    /// The big-endian unsigned number of 1, 2, 4 or 8 bytes after the next value's first byte; false where the message ends before.
    /// </summary>
    private bool TryPeekNumber(int width, out ulong number)
    {
        number = 0;
        if (Remaining < 1 + width) return Fail(MsgPackError.EndOfData);
        var bytes = _message.Slice(_position + 1, width);
        number = width switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
        return true;
    }

    /// <summary>Keeps the first error and the place of the value it is about. Always false, for use in a return.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Fail(MsgPackError error)
    {
        if (Error != MsgPackError.None) return false;
        Error = error;
        ErrorOffset = _position;
        return false;
    }
}
