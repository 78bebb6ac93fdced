using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Realtime.Acquisition.MessagePack;

/// <summary>
/// Writes one MessagePack message into a span, each value in its shortest form unless the method says otherwise. Allocates nothing
/// and throws nothing: what does not fit sets <see cref="Error"/>, and from then on nothing more is written, so that a caller may
/// check once at the end. Headers of arrays and maps are followed by their items; the writer does not count them.
/// </summary>
/// <remarks>Format: github.com/msgpack/msgpack, spec.md.</remarks>
public ref struct MsgPackWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _written;

    /// <summary>Bytes written; a message only while <see cref="Error"/> is <see cref="MsgPackError.None"/>.</summary>
    public readonly int Written => _written;

    /// <summary>The first error met.</summary>
    public MsgPackError Error { get; private set; }

    public void WriteNil() => WriteByte(MsgPackCode.Nil);

    public void WriteBoolean(bool value) => WriteByte(value ? MsgPackCode.True : MsgPackCode.False);

    /// <summary>Writes an integer in its shortest form.</summary>
    public void WriteInt64(long value)
    {
        if (value >= 0)
        {
            WriteUInt64((ulong)value);
            return;
        }

        switch (value)
        {
            case >= -32: WriteByte((byte)value); break;
            case >= sbyte.MinValue: WriteNumber(MsgPackCode.Int8, (ulong)value, 1); break;
            case >= short.MinValue: WriteNumber(MsgPackCode.Int16, (ulong)value, 2); break;
            case >= int.MinValue: WriteNumber(MsgPackCode.Int32, (ulong)value, 4); break;
            default: WriteNumber(MsgPackCode.Int64, (ulong)value, 8); break;
        }
    }

    /// <summary>Writes an integer in its shortest form.</summary>
    public void WriteUInt64(ulong value)
    {
        switch (value)
        {
            case < MsgPackCode.FixMap: WriteByte((byte)value); break;
            case <= byte.MaxValue: WriteNumber(MsgPackCode.UInt8, value, 1); break;
            case <= ushort.MaxValue: WriteNumber(MsgPackCode.UInt16, value, 2); break;
            case <= uint.MaxValue: WriteNumber(MsgPackCode.UInt32, value, 4); break;
            default: WriteNumber(MsgPackCode.UInt64, value, 8); break;
        }
    }

    /// <summary>
    /// Writes an integer in the 9-byte int64 form whatever its size. JavaScript readers with 64-bit support give a BigInt for this form
    /// and a Number for the shorter ones: a field that always has this form always has one type there.
    /// </summary>
    public void WriteInt64FullWidth(long value) => WriteNumber(MsgPackCode.Int64, (ulong)value, 8);

    public void WriteSingle(float value) => WriteNumber(MsgPackCode.Float32, BitConverter.SingleToUInt32Bits(value), 4);

    public void WriteDouble(double value) => WriteNumber(MsgPackCode.Float64, BitConverter.DoubleToUInt64Bits(value), 8);

    /// <summary>Writes text that is UTF-8 already; <see cref="MsgPackError.InvalidUtf8"/> where it is not.</summary>
    public void WriteString(scoped ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            Fail(MsgPackError.InvalidUtf8);
            return;
        }

        WriteStringHeader(utf8.Length);
        WriteRaw(utf8);
    }

    /// <summary>Writes text; <see cref="MsgPackError.InvalidUtf8"/> where it holds half a surrogate pair.</summary>
    public void WriteString(scoped ReadOnlySpan<char> text)
    {
        WriteStringHeader(Encoding.UTF8.GetByteCount(text));
        if (Error != MsgPackError.None) return;
        switch (Utf8.FromUtf16(text, _destination[_written..], out _, out var bytes, replaceInvalidSequences: false))
        {
            case System.Buffers.OperationStatus.Done: _written += bytes; break;
            case System.Buffers.OperationStatus.DestinationTooSmall: Fail(MsgPackError.DestinationTooShort); break;
            default: Fail(MsgPackError.InvalidUtf8); break;
        }
    }

    public void WriteBinary(scoped ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case <= byte.MaxValue: WriteNumber(MsgPackCode.Binary8, (ulong)bytes.Length, 1); break;
            case <= ushort.MaxValue: WriteNumber(MsgPackCode.Binary16, (ulong)bytes.Length, 2); break;
            default: WriteNumber(MsgPackCode.Binary32, (ulong)bytes.Length, 4); break;
        }

        WriteRaw(bytes);
    }

    /// <summary>Starts an array of <paramref name="count"/> items, which the caller writes next.</summary>
    public void WriteArrayHeader(int count) => WriteCount(count, MsgPackCode.FixArray, MsgPackCode.Array16, MsgPackCode.Array32);

    /// <summary>Starts a map of <paramref name="count"/> entries; the caller writes key, value, key, value next.</summary>
    public void WriteMapHeader(int count) => WriteCount(count, MsgPackCode.FixMap, MsgPackCode.Map16, MsgPackCode.Map32);

    /// <summary>Copies bytes that are MessagePack already, such as the unchanging part of a message.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> encoded)
    {
        if (!HasRoom(encoded.Length)) return;
        encoded.CopyTo(_destination[_written..]);
        _written += encoded.Length;
    }

    private void WriteStringHeader(int length)
    {
        switch (length)
        {
            case <= MsgPackCode.FixStringMax: WriteByte((byte)(MsgPackCode.FixString | length)); break;
            case <= byte.MaxValue: WriteNumber(MsgPackCode.String8, (ulong)length, 1); break;
            case <= ushort.MaxValue: WriteNumber(MsgPackCode.String16, (ulong)length, 2); break;
            default: WriteNumber(MsgPackCode.String32, (ulong)length, 4); break;
        }
    }

    private void WriteCount(int count, byte fix, byte code16, byte code32)
    {
        switch (count)
        {
            case < 0: Fail(MsgPackError.OutOfRange); break;
            case <= MsgPackCode.FixCountMax: WriteByte((byte)(fix | count)); break;
            case <= ushort.MaxValue: WriteNumber(code16, (ulong)count, 2); break;
            default: WriteNumber(code32, (ulong)count, 4); break;
        }
    }

    private void WriteByte(byte value)
    {
        if (!HasRoom(1)) return;
        _destination[_written++] = value;
    }

    /// <summary>Writes a first byte and the lowest <paramref name="width"/> bytes of a number, big-endian.</summary>
    private void WriteNumber(byte code, ulong number, int width)
    {
        if (!HasRoom(1 + width)) return;
        var bytes = _destination.Slice(_written + 1, width);
        _destination[_written] = code;
        switch (width)
        {
            case 1: bytes[0] = (byte)number; break;
            case 2: BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number); break;
            case 4: BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number); break;
            default: BinaryPrimitives.WriteUInt64BigEndian(bytes, number); break;
        }

        _written += 1 + width;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasRoom(int bytes)
    {
        if (Error == MsgPackError.None && bytes <= _destination.Length - _written) return true;
        Fail(MsgPackError.DestinationTooShort);
        return false;
    }

    private void Fail(MsgPackError error)
    {
        if (Error == MsgPackError.None) Error = error;
    }
}
