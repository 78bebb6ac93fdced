using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Realtime.Models.Checkpoints;

/// <summary>The bytes of a pickle and the place in them; every read is checked against the end.</summary>
internal sealed class PickleInput(byte[] bytes, string file)
{
    private const int MaxShown = 200;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Place of the opcode that is being read, for messages.</summary>
    public int OpcodeAt { get; private set; }

    public int Position { get; private set; }

    public byte Opcode()
    {
        OpcodeAt = Position;
        return Byte();
    }

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>The length of a frame, which must be there.</summary>
    public void Frame()
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        if (length > (ulong)(bytes.Length - Position)) throw Short();
    }

    /// <summary>A whole number of some bytes, little-endian, two's complement: a long where it fits, else a BigInteger.</summary>
    public object Integer(int length)
    {
        if (length > CheckpointLimits.MaxIntegerBytes)
            throw Wrong($"has a whole number of {length} bytes; {CheckpointLimits.MaxIntegerBytes} at most are read.", CheckpointAdvice.SaveStateDict);
        var value = new BigInteger(Take(length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    public string Text(uint length)
    {
        if (length > bytes.Length - Position) throw Short();
        return Text(Take((int)length));
    }

    /// <summary>Text up to the next line feed.</summary>
    public string Line()
    {
        var length = bytes.AsSpan(Position).IndexOf((byte)'\n');
        if (length < 0) throw Short();
        var text = Text(Take(length));
        Position++;
        return text;
    }

    public ModelFormatException Wrong(string what, string next, Exception? inner = null) =>
        new(file, "data.pkl", $"byte {OpcodeAt} {what}", next, inner);

    /// <summary>A word from the file, fit for a message: short, on one line.</summary>
    public static string Shown(string word)
    {
        var text = word.Length > MaxShown ? word[..MaxShown] + "..." : word;
        return string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
    }

    private string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException error)
        {
            throw Wrong("has text that is not UTF-8.", CheckpointAdvice.CopyAgain, error);
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > bytes.Length - Position) throw Short();
        var part = bytes.AsSpan(Position, length);
        Position += length;
        return part;
    }

    private ModelFormatException Short() => Wrong("needs more bytes than the pickle has left.", CheckpointAdvice.CopyAgain);
}
