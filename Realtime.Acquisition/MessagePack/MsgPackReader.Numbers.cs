namespace Realtime.Acquisition.MessagePack;

/// <content>Integers and floating-point numbers.</content>
public ref partial struct MsgPackReader
{
    /// <summary>Greatest integer up to which a float64 holds each one.</summary>
    private const long ExactInDouble = 1L << 53;

    /// <summary>Greatest integer up to which a float32 holds each one.</summary>
    private const long ExactInSingle = 1L << 24;

    /// <summary>Reads an integer of any width; <see cref="MsgPackError.OutOfRange"/> above <see cref="long.MaxValue"/>.</summary>
    public bool TryReadInt64(out long value)
    {
        value = 0;
        if (!TryPeekInteger(out var bits, out var negative, out var size)) return false;
        if (!negative && bits > long.MaxValue) return Fail(MsgPackError.OutOfRange);
        value = (long)bits;
        _position += size;
        return true;
    }

    /// <summary>Reads an integer of any width; <see cref="MsgPackError.OutOfRange"/> below 0.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        value = 0;
        if (!TryPeekInteger(out var bits, out var negative, out var size)) return false;
        if (negative) return Fail(MsgPackError.OutOfRange);
        value = bits;
        _position += size;
        return true;
    }

    /// <summary>Reads an integer of any width; <see cref="MsgPackError.OutOfRange"/> where it is not an int.</summary>
    public bool TryReadInt32(out int value)
    {
        value = 0;
        if (!TryPeekInteger(out var bits, out var negative, out var size)) return false;
        var wide = (long)bits;
        if ((!negative && bits > int.MaxValue) || (negative && wide < int.MinValue)) return Fail(MsgPackError.OutOfRange);
        value = (int)wide;
        _position += size;
        return true;
    }

    /// <summary>
    /// Reads a number as float64: a float of either width, or an integer within ±2^53 (JavaScript senders write 1.0 as the integer 1).
    /// </summary>
    public bool TryReadDouble(out double value)
    {
        value = 0;
        switch (NextType)
        {
            case MsgPackType.Float64:
                if (!TryPeekNumber(sizeof(double), out var wide)) return false;
                value = BitConverter.UInt64BitsToDouble(wide);
                _position += 1 + sizeof(double);
                return true;
            case MsgPackType.Float32:
                if (!TryPeekNumber(sizeof(float), out var narrow)) return false;
                value = BitConverter.UInt32BitsToSingle((uint)narrow);
                _position += 1 + sizeof(float);
                return true;
            case MsgPackType.Integer:
                if (!TryReadIntegerWithin(ExactInDouble, out var integer)) return false;
                value = integer;
                return true;
            default:
                return TryExpect(MsgPackType.Float64);
        }
    }

    /// <summary>
    /// Reads a number as float32: a float32, a float64 (rounded to the nearest; <see cref="MsgPackError.OutOfRange"/> where a finite one
    /// becomes infinite), or an integer within ±2^24.
    /// </summary>
    public bool TryReadSingle(out float value)
    {
        value = 0;
        switch (NextType)
        {
            case MsgPackType.Float32:
                if (!TryPeekNumber(sizeof(float), out var narrow)) return false;
                value = BitConverter.UInt32BitsToSingle((uint)narrow);
                _position += 1 + sizeof(float);
                return true;
            case MsgPackType.Float64:
                if (!TryPeekNumber(sizeof(double), out var bits)) return false;
                var wide = BitConverter.UInt64BitsToDouble(bits);
                if (double.IsFinite(wide) && !float.IsFinite((float)wide)) return Fail(MsgPackError.OutOfRange);
                value = (float)wide;
                _position += 1 + sizeof(double);
                return true;
            case MsgPackType.Integer:
                if (!TryReadIntegerWithin(ExactInSingle, out var integer)) return false;
                value = integer;
                return true;
            default:
                return TryExpect(MsgPackType.Float32);
        }
    }

    private bool TryReadIntegerWithin(long bound, out long value)
    {
        value = 0;
        if (!TryPeekInteger(out var bits, out var negative, out var size)) return false;
        var signed = (long)bits;
        if ((!negative && bits > (ulong)bound) || (negative && signed < -bound)) return Fail(MsgPackError.OutOfRange);
        value = signed;
        _position += size;
        return true;
    }

    /// <summary>The next integer in two's complement, without moving on.</summary>
    private bool TryPeekInteger(out ulong bits, out bool negative, out int size)
    {
        bits = 0;
        negative = false;
        size = 1;
        if (!TryExpect(MsgPackType.Integer)) return false;
        var code = _message[_position];
        if (code is < MsgPackCode.FixMap or >= MsgPackCode.NegativeFixInt)
        {
            bits = (ulong)(sbyte)code;
            negative = code >= MsgPackCode.NegativeFixInt;
            return true;
        }

        // NB: both families run over 1, 2, 4, 8 bytes from a code whose two lowest bits are 0.
        var width = 1 << (code & 3);
        if (!TryPeekNumber(width, out bits)) return false;
        size = 1 + width;
        if (code >= MsgPackCode.Int8)
        {
            var shift = 64 - 8 * width;
            bits = (ulong)((long)(bits << shift) >> shift);
            negative = (long)bits < 0;
        }

        var shortest = negative ? MsgPackCode.IntegerSize((long)bits) : MsgPackCode.UnsignedSize(bits);
        return size == shortest || !_limits.RequireShortestForm || Fail(MsgPackError.NotShortestForm);
    }
}
