using System.Buffers.Binary;
using System.Text;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>Writes pickles opcode by opcode, sound ones and others.</summary>
internal sealed class TestPickle
{
    private readonly MemoryStream _bytes = new();

    public TestPickle(byte protocol = 2) => Raw(0x80, protocol);

    public byte[] Bytes => _bytes.ToArray();

    public TestPickle Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public TestPickle Ops(string opcodes) => Raw(Encoding.Latin1.GetBytes(opcodes));

    public TestPickle Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Ops("X").UInt32((uint)utf8.Length).Raw(utf8);
    }

    public TestPickle ShortText(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Raw(0x8C, (byte)utf8.Length).Raw(utf8);
    }

    public TestPickle UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    /// <summary>LONG1 of eight bytes.</summary>
    public TestPickle Int(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(0x8A, 8).Raw(bytes);
    }

    public TestPickle Float(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Ops("G").Raw(bytes);
    }

    public TestPickle Bool(bool value) => Raw(value ? (byte)0x88 : (byte)0x89);

    public TestPickle Global(string module, string name) => Ops($"c{module}\n{name}\n");

    /// <summary>An empty OrderedDict.</summary>
    public TestPickle Ordered() => Global("collections", "OrderedDict").Ops(")R");

    public TestPickle Storage(string type, string key, long count) =>
        Ops("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count).Ops("tQ");

    public TestPickle Lengths(params long[] lengths)
    {
        Ops("(");
        foreach (var length in lengths) Int(length);
        return Ops("t");
    }

    public TestPickle Tensor(string type, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Ops("(").Storage(type, key, count).Int(offset).Lengths(shape).Lengths(strides).Bool(false).Ordered().Ops("tR");

    /// <summary>Ends the pickle.</summary>
    public byte[] Stop() => Ops(".").Bytes;
}
