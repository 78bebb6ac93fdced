using System.Globalization;
using System.Text;
using Realtime.Acquisition.MessagePack;

namespace Realtime.Interop.Tests.MessagePack;

/// <summary>
/// One canonical text for a MessagePack value, which the peers write too: n, t, f; i and decimals; d and the 16 digits of the float64's
/// bits (dnan for any NaN); s or b and hex digits; [a,b]; {key:value,...} in the order of the message; e for an extension.
/// </summary>
internal static class MsgPackText
{
    /// <summary>What the extremes need beyond the default limits: strings and arrays of 65,536.</summary>
    public static readonly MsgPackLimits Limits = new() { MaxStringBytes = 1 << 17, MaxMapEntries = 1 << 17 };

    private const double SafeInteger = 9007199254740991;

    /// <summary>Reads a whole message; fails the test where our reader refuses it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="oneKindOfNumber">Writes a whole float64 as an integer, as a language with one number type must.</param>
    /// <param name="limits">What to accept; null for <see cref="Limits"/>.</param>
    public static string Of(ReadOnlySpan<byte> message, bool oneKindOfNumber, MsgPackLimits? limits = null)
    {
        var reader = new MsgPackReader(message, limits ?? Limits);
        var text = new StringBuilder();
        var read = TryAppend(ref reader, text, oneKindOfNumber) && reader.TryReadEnd();
        Assert.True(read, $"{reader.Error} at byte {reader.ErrorOffset} of {Convert.ToHexString(message)}");
        return text.ToString();
    }

    /// <summary>Encodes with our writer what our reader reads; extensions are copied.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> message)
    {
        var reader = new MsgPackReader(message, Limits);
        var buffer = new byte[message.Length * 2 + 16];
        var writer = new MsgPackWriter(buffer);
        Copy(ref reader, ref writer, message);
        Assert.Equal((MsgPackError.None, MsgPackError.None), (reader.Error, writer.Error));
        return buffer[..writer.Written];
    }

    public static void AppendDouble(StringBuilder text, double value, bool oneKindOfNumber)
    {
        if (oneKindOfNumber && double.IsInteger(value) && Math.Abs(value) <= SafeInteger)
            text.Append(CultureInfo.InvariantCulture, $"i{(long)value}");
        else if (double.IsNaN(value)) text.Append("dnan");
        else text.Append(CultureInfo.InvariantCulture, $"d{BitConverter.DoubleToUInt64Bits(value):x16}");
    }

    private static bool TryAppend(ref MsgPackReader reader, StringBuilder text, bool oneKindOfNumber)
    {
        switch (reader.NextType)
        {
            case MsgPackType.Nil:
                text.Append('n');
                return reader.TryReadNil();
            case MsgPackType.Boolean:
                if (!reader.TryReadBoolean(out var flag)) return false;
                text.Append(flag ? 't' : 'f');
                return true;
            case MsgPackType.Integer:
                if (!TryReadInteger(ref reader, out var integer)) return false;
                text.Append(CultureInfo.InvariantCulture, $"i{integer}");
                return true;
            case MsgPackType.Float32 or MsgPackType.Float64:
                if (!reader.TryReadDouble(out var number)) return false;
                AppendDouble(text, number, oneKindOfNumber);
                return true;
            case MsgPackType.String:
                if (!reader.TryReadString(out var utf8)) return false;
                text.Append('s').Append(Convert.ToHexStringLower(utf8));
                return true;
            case MsgPackType.Binary:
                if (!reader.TryReadBinary(out var bytes)) return false;
                text.Append('b').Append(Convert.ToHexStringLower(bytes));
                return true;
            case MsgPackType.Array:
                if (!reader.TryReadArrayHeader(out var items)) return false;
                text.Append('[');
                for (var i = 0; i < items; i++)
                {
                    if (i > 0) text.Append(',');
                    if (!TryAppend(ref reader, text, oneKindOfNumber)) return false;
                }

                text.Append(']');
                return true;
            case MsgPackType.Map:
                if (!reader.TryReadMapHeader(out var entries)) return false;
                text.Append('{');
                for (var i = 0; i < entries; i++)
                {
                    if (i > 0) text.Append(',');
                    if (!TryAppend(ref reader, text, oneKindOfNumber)) return false;
                    text.Append(':');
                    if (!TryAppend(ref reader, text, oneKindOfNumber)) return false;
                }

                text.Append('}');
                return true;
            default:
                text.Append('e');
                return reader.TrySkip();
        }
    }

    private static void Copy(ref MsgPackReader reader, ref MsgPackWriter writer, ReadOnlySpan<byte> message)
    {
        switch (reader.NextType)
        {
            case MsgPackType.Nil when reader.TryReadNil(): writer.WriteNil(); break;
            case MsgPackType.Boolean when reader.TryReadBoolean(out var flag): writer.WriteBoolean(flag); break;
            case MsgPackType.Integer when TryReadInteger(ref reader, out var integer):
                if (integer < 0) writer.WriteInt64((long)integer);
                else writer.WriteUInt64((ulong)integer);
                break;
            case MsgPackType.Float32 when reader.TryReadSingle(out var narrow): writer.WriteSingle(narrow); break;
            case MsgPackType.Float64 when reader.TryReadDouble(out var wide): writer.WriteDouble(wide); break;
            case MsgPackType.String when reader.TryReadString(out var utf8): writer.WriteString(utf8); break;
            case MsgPackType.Binary when reader.TryReadBinary(out var bytes): writer.WriteBinary(bytes); break;
            case MsgPackType.Array when reader.TryReadArrayHeader(out var items):
                writer.WriteArrayHeader(items);
                for (var i = 0; i < items; i++) Copy(ref reader, ref writer, message);
                break;
            case MsgPackType.Map when reader.TryReadMapHeader(out var entries):
                writer.WriteMapHeader(entries);
                for (var i = 0; i < 2 * entries; i++) Copy(ref reader, ref writer, message);
                break;
            case MsgPackType.Extension:
                var start = reader.Position;
                if (reader.TrySkip()) writer.WriteRaw(message[start..reader.Position]);
                break;
        }
    }

    private static bool TryReadInteger(ref MsgPackReader reader, out Int128 value)
    {
        var signed = reader;
        if (signed.TryReadInt64(out var small))
        {
            reader = signed;
            value = small;
            return true;
        }

        var read = reader.TryReadUInt64(out var large);
        value = large;
        return read;
    }
}
