using System.Globalization;
using System.Text;
using Realtime.Acquisition.MessagePack;

namespace Realtime.Interop.Tests.MessagePack;

/// <summary>Writes random values with our writer, and their canonical text (<see cref="MsgPackText"/>) without our reader.</summary>
internal sealed class RandomMessage(int seed, bool oneKindOfNumber)
{
    private const int MaxBytes = 1 << 20;

    private static readonly long[] Integers =
    [
        0, 127, 128, 255, 256, 65535, 65536, uint.MaxValue, 1L << 32, (1L << 53) - 1, (1L << 53) + 1, long.MaxValue,
        -1, -32, -33, sbyte.MinValue, -129, short.MinValue, -32769, int.MinValue, int.MinValue - 1L, -(1L << 53) - 1, long.MinValue,
    ];

    private static readonly double[] Floats =
    [
        0.1, -0.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, double.MaxValue, -1e300, 1L << 60,
        float.Epsilon, float.MaxValue,
    ];

    private static readonly int[] Lengths = [0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536];

    private static readonly string[] Alphabet = ["a", "Z", "0", " ", "_", "µ", "±", "é", "漢", "🧠"];

    private readonly Random _random = new(seed);
    private readonly byte[] _buffer = new byte[MaxBytes];
    private readonly StringBuilder _text = new();

    /// <summary>How many of the first messages are the extremes, one after the other.</summary>
    public static int Extremes => Integers.Length + 1 + Floats.Length + 3 * Lengths.Length;

    /// <summary>Message number <paramref name="index"/>: an extreme first, then random nested values.</summary>
    public (byte[] Message, string Text) Next(int index)
    {
        _text.Clear();
        var writer = new MsgPackWriter(_buffer);
        if (index < Integers.Length) Integer(ref writer, Integers[index]);
        else if ((index -= Integers.Length) == 0) Unsigned(ref writer, ulong.MaxValue);
        else if (--index < Floats.Length) Double(ref writer, Floats[index]);
        else if ((index -= Floats.Length) < Lengths.Length) String(ref writer, new string('x', Lengths[index]));
        else if ((index -= Lengths.Length) < Lengths.Length) Binary(ref writer, new byte[Lengths[index]]);
        else if ((index -= Lengths.Length) < Lengths.Length) Array(ref writer, Lengths[index], depth: 0, nils: true);
        else Value(ref writer, depth: 3);
        Assert.Equal(MsgPackError.None, writer.Error);
        return (_buffer[..writer.Written], _text.ToString());
    }

    private void Value(ref MsgPackWriter writer, int depth)
    {
        switch (_random.Next(depth > 0 ? 12 : 9))
        {
            case 0: Nil(ref writer); break;
            case 1: Boolean(ref writer, _random.Next(2) == 0); break;
            case 2: Integer(ref writer, Integers[_random.Next(Integers.Length)]); break;
            case 3: Integer(ref writer, _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64)); break;
            case 4: Unsigned(ref writer, (ulong)_random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64)); break;
            case 5: Double(ref writer, BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue))); break;
            case 6: Single(ref writer, BitConverter.Int32BitsToSingle(_random.Next(int.MinValue, int.MaxValue))); break;
            case 7: String(ref writer, RandomText()); break;
            case 8: Binary(ref writer, RandomBytes(_random.Next(40))); break;
            case 9: Extension(ref writer); break;
            case 10: Array(ref writer, _random.Next(20), depth - 1, nils: false); break;
            default: Map(ref writer, _random.Next(20), depth - 1); break;
        }
    }

    private void Nil(ref MsgPackWriter writer)
    {
        writer.WriteNil();
        _text.Append('n');
    }

    private void Boolean(ref MsgPackWriter writer, bool value)
    {
        writer.WriteBoolean(value);
        _text.Append(value ? 't' : 'f');
    }

    private void Integer(ref MsgPackWriter writer, long value)
    {
        writer.WriteInt64(value);
        _text.Append(CultureInfo.InvariantCulture, $"i{value}");
    }

    private void Unsigned(ref MsgPackWriter writer, ulong value)
    {
        writer.WriteUInt64(value);
        _text.Append(CultureInfo.InvariantCulture, $"i{value}");
    }

    private void Double(ref MsgPackWriter writer, double value)
    {
        writer.WriteDouble(value);
        MsgPackText.AppendDouble(_text, value, oneKindOfNumber);
    }

    private void Single(ref MsgPackWriter writer, float value)
    {
        writer.WriteSingle(value);
        MsgPackText.AppendDouble(_text, value, oneKindOfNumber);
    }

    private void String(ref MsgPackWriter writer, string value)
    {
        writer.WriteString(value);
        _text.Append('s').Append(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)));
    }

    private void Binary(ref MsgPackWriter writer, byte[] value)
    {
        writer.WriteBinary(value);
        _text.Append('b').Append(Convert.ToHexStringLower(value));
    }

    /// <summary>An extension, which our writer has no method for: its bytes after the specification.</summary>
    private void Extension(ref MsgPackWriter writer)
    {
        var type = (byte)_random.Next(128);
        writer.WriteRaw(_random.Next(2) == 0 ? [0xD6, type, .. RandomBytes(4)] : [0xC7, 3, type, .. RandomBytes(3)]);
        _text.Append('e');
    }

    private void Array(ref MsgPackWriter writer, int count, int depth, bool nils)
    {
        writer.WriteArrayHeader(count);
        _text.Append('[');
        for (var i = 0; i < count; i++)
        {
            if (i > 0) _text.Append(',');
            if (nils) Nil(ref writer);
            else Value(ref writer, depth);
        }

        _text.Append(']');
    }

    private void Map(ref MsgPackWriter writer, int count, int depth)
    {
        writer.WriteMapHeader(count);
        _text.Append('{');
        for (var i = 0; i < count; i++)
        {
            if (i > 0) _text.Append(',');
            String(ref writer, string.Create(CultureInfo.InvariantCulture, $"k{i}{RandomText()}"));
            _text.Append(':');
            Value(ref writer, depth);
        }

        _text.Append('}');
    }

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string RandomText() =>
        string.Concat(Enumerable.Range(0, _random.Next(20)).Select(_ => Alphabet[_random.Next(Alphabet.Length)]));
}
