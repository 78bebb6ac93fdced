using Realtime.Acquisition.MessagePack;

namespace Realtime.Acquisition.Tests.MessagePack;

public class MsgPackWriterTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "CC80")]
    [InlineData(255, "CCFF")]
    [InlineData(256, "CD0100")]
    [InlineData(65535, "CDFFFF")]
    [InlineData(65536, "CE00010000")]
    [InlineData(4294967295, "CEFFFFFFFF")]
    [InlineData(4294967296, "CF0000000100000000")]
    [InlineData(long.MaxValue, "CF7FFFFFFFFFFFFFFF")]
    [InlineData(-1, "FF")]
    [InlineData(-32, "E0")]
    [InlineData(-33, "D0DF")]
    [InlineData(-128, "D080")]
    [InlineData(-129, "D1FF7F")]
    [InlineData(-32768, "D18000")]
    [InlineData(-32769, "D2FFFF7FFF")]
    [InlineData(int.MinValue, "D280000000")]
    [InlineData(int.MinValue - 1L, "D3FFFFFFFF7FFFFFFF")]
    [InlineData(long.MinValue, "D38000000000000000")]
    public void An_integer_takes_its_shortest_form(long value, string expected)
    {
        Span<byte> buffer = stackalloc byte[16];
        var writer = new MsgPackWriter(buffer);
        writer.WriteInt64(value);
        Assert.Equal(expected, Convert.ToHexString(buffer[..writer.Written]));
    }

    [Fact]
    public void Scalars_have_the_bytes_of_the_specification()
    {
        Span<byte> buffer = stackalloc byte[64];
        var writer = new MsgPackWriter(buffer);
        writer.WriteNil();
        writer.WriteBoolean(false);
        writer.WriteBoolean(true);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteInt64FullWidth(5);
        writer.WriteSingle(1.5f);
        writer.WriteDouble(-2);
        Assert.Equal(MsgPackError.None, writer.Error);
        Assert.Equal(
            "C0" + "C2" + "C3" + "CFFFFFFFFFFFFFFFFF" + "D30000000000000005" + "CA3FC00000" + "CBC000000000000000",
            Convert.ToHexString(buffer[..writer.Written]));
    }

    [Theory]
    [InlineData(0, "A0")]
    [InlineData(31, "BF")]
    [InlineData(32, "D920")]
    [InlineData(255, "D9FF")]
    [InlineData(256, "DA0100")]
    [InlineData(65535, "DAFFFF")]
    [InlineData(65536, "DB00010000")]
    public void A_string_has_the_shortest_head_whether_given_as_text_or_as_bytes(int length, string head)
    {
        var text = new string('x', length);
        var asText = new byte[length + 5];
        var asBytes = new byte[length + 5];
        var first = new MsgPackWriter(asText);
        first.WriteString(text);
        var second = new MsgPackWriter(asBytes);
        second.WriteString(System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal(head, Convert.ToHexString(asText.AsSpan(0, head.Length / 2)));
        Assert.Equal(head.Length / 2 + length, first.Written);
        Assert.Equal(asText, asBytes);
    }

    [Theory]
    [InlineData(0, "C400")]
    [InlineData(255, "C4FF")]
    [InlineData(256, "C50100")]
    [InlineData(65536, "C600010000")]
    public void A_bin_has_the_shortest_head(int length, string head)
    {
        var buffer = new byte[length + 5];
        var writer = new MsgPackWriter(buffer);
        writer.WriteBinary(new byte[length]);
        Assert.Equal(head, Convert.ToHexString(buffer.AsSpan(0, head.Length / 2)));
        Assert.Equal(head.Length / 2 + length, writer.Written);
    }

    [Theory]
    [InlineData(0, "90", "80")]
    [InlineData(15, "9F", "8F")]
    [InlineData(16, "DC0010", "DE0010")]
    [InlineData(65535, "DCFFFF", "DEFFFF")]
    [InlineData(65536, "DD00010000", "DF00010000")]
    public void Counts_have_the_shortest_head(int count, string array, string map)
    {
        Span<byte> buffer = stackalloc byte[16];
        var writer = new MsgPackWriter(buffer);
        writer.WriteArrayHeader(count);
        writer.WriteMapHeader(count);
        Assert.Equal(array + map, Convert.ToHexString(buffer[..writer.Written]));
    }

    [Fact]
    public void Text_beyond_Ascii_is_written_as_Utf8()
    {
        Span<byte> buffer = stackalloc byte[32];
        var writer = new MsgPackWriter(buffer);
        writer.WriteString("µm 🧠");
        Assert.Equal("A8" + "C2B56D20" + "F09FA7A0", Convert.ToHexString(buffer[..writer.Written]));
    }

    [Fact]
    public void Half_a_surrogate_pair_and_broken_Utf8_are_refused()
    {
        Span<byte> buffer = stackalloc byte[32];
        var text = new MsgPackWriter(buffer);
        text.WriteString("a\uD83E");
        Assert.Equal(MsgPackError.InvalidUtf8, text.Error);
        var bytes = new MsgPackWriter(buffer);
        bytes.WriteString([0x61, 0xC3]);
        Assert.Equal(MsgPackError.InvalidUtf8, bytes.Error);
    }

    [Fact]
    public void A_negative_count_is_refused()
    {
        Span<byte> buffer = stackalloc byte[8];
        var writer = new MsgPackWriter(buffer);
        writer.WriteArrayHeader(-1);
        Assert.Equal(MsgPackError.OutOfRange, writer.Error);
        Assert.Equal(0, writer.Written);
    }

    [Fact]
    public void What_does_not_fit_is_an_error_and_nothing_is_written_after_it()
    {
        var whole = new byte[512];
        var length = WriteOneOfEach(whole, out var error);
        Assert.Equal(MsgPackError.None, error);
        var buffer = new byte[length + 1];
        for (var room = 0; room < length; room++)
        {
            buffer.AsSpan().Fill(0xEE);
            var written = WriteOneOfEach(buffer.AsSpan(0, room), out error);
            Assert.Equal(MsgPackError.DestinationTooShort, error);
            Assert.InRange(written, 0, room);
            Assert.Equal(whole.AsSpan(0, written), buffer.AsSpan(0, written));
            Assert.True(buffer.AsSpan(room).IndexOfAnyExcept((byte)0xEE) < 0, $"wrote behind {room} bytes of room");
        }
    }

    private static int WriteOneOfEach(Span<byte> destination, out MsgPackError error)
    {
        var writer = new MsgPackWriter(destination);
        writer.WriteMapHeader(3);
        writer.WriteString("a"u8);
        writer.WriteInt64(-70000);
        writer.WriteString("text".AsSpan());
        writer.WriteBinary([1, 2, 3]);
        writer.WriteString("c"u8);
        writer.WriteArrayHeader(5);
        writer.WriteSingle(1);
        writer.WriteDouble(2);
        writer.WriteNil();
        writer.WriteBoolean(true);
        writer.WriteInt64FullWidth(1);
        error = writer.Error;
        return writer.Written;
    }
}
