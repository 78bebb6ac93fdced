using System.Text.Unicode;

namespace Realtime.Acquisition.MessagePack;

/// <content>Values with a length: strings, bins, arrays, maps; and skipping.</content>
public ref partial struct MsgPackReader
{
    /// <summary>Reads a string as the UTF-8 bytes in the message, checked to be UTF-8.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (!TryPeekLength(MsgPackType.String, _limits.MaxStringBytes, MsgPackError.StringTooLong, out var length, out var head)) return false;
        if (length > Remaining - head) return Fail(MsgPackError.EndOfData);
        var bytes = _message.Slice(_position + head, length);
        if (!Utf8.IsValid(bytes)) return Fail(MsgPackError.InvalidUtf8);
        utf8 = bytes;
        _position += head + length;
        return true;
    }

    /// <summary>Reads a bin as the bytes in the message.</summary>
    public bool TryReadBinary(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryPeekLength(MsgPackType.Binary, _limits.MaxBinaryBytes, MsgPackError.BinaryTooLong, out var length, out var head)) return false;
        if (length > Remaining - head) return Fail(MsgPackError.EndOfData);
        bytes = _message.Slice(_position + head, length);
        _position += head + length;
        return true;
    }

    /// <summary>
    /// Reads the start of an array; its items follow. A count beyond the bytes left is refused here, so that a loop over it is
    /// bounded.
    /// </summary>
    public bool TryReadArrayHeader(out int count)
    {
        if (!TryPeekLength(MsgPackType.Array, _limits.MaxArrayItems, MsgPackError.ArrayTooLong, out count, out var head)) return false;
        if (count > Remaining - head) return FailCount(out count);
        _position += head;
        return true;
    }

    /// <summary>Reads the start of a map; <paramref name="count"/> keys and values follow in turns.</summary>
    public bool TryReadMapHeader(out int count)
    {
        if (!TryPeekLength(MsgPackType.Map, _limits.MaxMapEntries, MsgPackError.MapTooLong, out count, out var head)) return false;
        if (2L * count > Remaining - head) return FailCount(out count);
        _position += head;
        return true;
    }

    /// <summary>
    /// Skips one value of any kind, with all that is in it. Holds it to the same rules as reading it (limits, UTF-8, forms), so that
    /// whether a message is refused does not depend on which keys a reader knows. No recursion; work in proportion to the bytes.
    /// </summary>
    public bool TrySkip()
    {
        Span<int> waiting = stackalloc int[MsgPackLimits.DeepestNesting];
        var depth = 0;
        var left = 1;
        while (true)
        {
            while (left == 0)
            {
                if (depth == 0) return true;
                left = waiting[--depth];
            }

            left--;
            var type = NextType;
            if (type is not (MsgPackType.Array or MsgPackType.Map))
            {
                if (!TrySkipScalar(type)) return false;
                continue;
            }

            if (depth == _limits.MaxDepth) return Fail(MsgPackError.TooDeep);
            int count;
            if (!(type == MsgPackType.Array ? TryReadArrayHeader(out count) : TryReadMapHeader(out count))) return false;
            waiting[depth++] = left;
            left = type == MsgPackType.Array ? count : 2 * count;
        }
    }

    private bool TrySkipScalar(MsgPackType type) => type switch
    {
        MsgPackType.Nil => TryReadNil(),
        MsgPackType.Boolean => TryReadBoolean(out _),
        MsgPackType.Integer => TrySkipInteger(),
        MsgPackType.Float32 or MsgPackType.Float64 => TryReadDouble(out _),
        MsgPackType.String => TryReadString(out _),
        MsgPackType.Binary => TryReadBinary(out _),
        MsgPackType.Extension => TrySkipExtension(),
        _ => TryExpect(MsgPackType.Nil),
    };

    private bool TrySkipInteger()
    {
        if (!TryPeekInteger(out _, out _, out var size)) return false;
        _position += size;
        return true;
    }

    private bool TrySkipExtension()
    {
        if (!TryPeekLength(MsgPackType.Extension, _limits.MaxBinaryBytes, MsgPackError.BinaryTooLong, out var length, out var head)) return false;
        if (length >= Remaining - head) return Fail(MsgPackError.EndOfData);
        _position += head + 1 + length;
        return true;
    }

    private bool FailCount(out int count)
    {
        count = 0;
        return Fail(MsgPackError.EndOfData);
    }

    /// <summary>
    /// The length (bytes, items or entries) that the next value announces, at most <paramref name="most"/>, and the bytes its head takes
    /// (without an extension's type byte), without moving on.
    /// </summary>
    private bool TryPeekLength(MsgPackType type, int most, MsgPackError tooLong, out int length, out int head)
    {
        length = 0;
        head = 1;
        if (!TryExpect(type)) return false;
        var code = _message[_position];
        var width = MsgPackCode.LengthWidth(code);
        ulong announced;
        if (width == 0)
        {
            announced = type switch
            {
                MsgPackType.String => (ulong)(code & MsgPackCode.FixStringMax),
                MsgPackType.Extension => 1UL << (code - MsgPackCode.FixExtension1),
                _ => (ulong)(code & MsgPackCode.FixCountMax),
            };
        }
        else if (!TryPeekNumber(width, out announced))
        {
            return false;
        }

        if (announced > (ulong)most) return Fail(tooLong);
        if (_limits.RequireShortestForm && width > ShortestWidth(type, announced)) return Fail(MsgPackError.NotShortestForm);
        length = (int)announced;
        head = 1 + width;
        return true;
    }

    /// <summary>Bytes of the length field in the shortest form of a value of this type and length.</summary>
    private static int ShortestWidth(MsgPackType type, ulong length)
    {
        var inFirstByte = type switch
        {
            MsgPackType.String => length <= MsgPackCode.FixStringMax,
            MsgPackType.Array or MsgPackType.Map => length <= MsgPackCode.FixCountMax,
            MsgPackType.Extension => length is 1 or 2 or 4 or 8 or 16,
            _ => false,
        };
        if (inFirstByte) return 0;
        if (length <= byte.MaxValue && type is not (MsgPackType.Array or MsgPackType.Map)) return 1;
        return length <= ushort.MaxValue ? 2 : 4;
    }
}
