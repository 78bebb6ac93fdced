using Realtime.Acquisition.MessagePack;

namespace Realtime.Acquisition.Tests.MessagePack;

public class MsgPackReaderTests
{
    private static readonly MsgPackLimits Shortest = new() { RequireShortestForm = true };

    [Theory]
    [InlineData("05", 5)]
    [InlineData("CC05", 5)]
    [InlineData("CD0005", 5)]
    [InlineData("CE00000005", 5)]
    [InlineData("CF0000000000000005", 5)]
    [InlineData("D005", 5)]
    [InlineData("D10005", 5)]
    [InlineData("D200000005", 5)]
    [InlineData("D30000000000000005", 5)]
    [InlineData("FB", -5)]
    [InlineData("D0FB", -5)]
    [InlineData("D1FFFB", -5)]
    [InlineData("D2FFFFFFFB", -5)]
    [InlineData("D3FFFFFFFFFFFFFFFB", -5)]
    [InlineData("CF7FFFFFFFFFFFFFFF", long.MaxValue)]
    [InlineData("D38000000000000000", long.MinValue)]
    public void An_integer_is_read_from_any_width(string hex, long expected)
    {
        var reader = new MsgPackReader(Convert.FromHexString(hex));
        Assert.Equal(MsgPackType.Integer, reader.NextType);
        Assert.True(reader.TryReadInt64(out var value));
        Assert.Equal(expected, value);
        Assert.True(reader.TryReadEnd());
    }

    [Theory]
    [InlineData("CC7F")]
    [InlineData("CD00FF")]
    [InlineData("CE0000FFFF")]
    [InlineData("CF00000000FFFFFFFF")]
    [InlineData("D07F")]
    [InlineData("D0E0")]
    [InlineData("D1FF80")]
    [InlineData("D2FFFF8000")]
    [InlineData("D3FFFFFFFF80000000")]
    [InlineData("D9017A")]
    [InlineData("DA00017A")]
    [InlineData("C500017A")]
    [InlineData("C6000000017A")]
    [InlineData("DC000100")]
    [InlineData("DD0000000100")]
    [InlineData("DE00017A00")]
    [InlineData("DF000000017A00")]
    [InlineData("C7010500")]
    [InlineData("C800010500")]
    public void A_wider_form_than_needed_is_refused_only_where_asked_for(string hex)
    {
        var message = Convert.FromHexString(hex);
        var lenient = new MsgPackReader(message);
        Assert.True(lenient.TrySkip());
        Assert.True(lenient.TryReadEnd());
        var strict = new MsgPackReader(message, Shortest);
        Assert.False(strict.TrySkip());
        Assert.Equal(MsgPackError.NotShortestForm, strict.Error);
        Assert.Equal(0, strict.ErrorOffset);
    }

    [Theory]
    [InlineData("D100C8", false)]
    [InlineData("D27FFFFFFF", true)]
    public void The_shortest_form_is_counted_in_bytes_so_that_a_signed_form_of_the_same_length_passes(string hex, bool accepted)
    {
        var reader = new MsgPackReader(Convert.FromHexString(hex), Shortest);
        Assert.Equal(accepted, reader.TryReadInt64(out _));
    }

    [Fact]
    public void Integers_out_of_range_are_refused_and_the_offset_says_which()
    {
        var reader = new MsgPackReader(Convert.FromHexString("01" + "CF8000000000000000"));
        Assert.True(reader.TryReadInt64(out _));
        Assert.False(reader.TryReadInt64(out _));
        Assert.Equal((MsgPackError.OutOfRange, 1), (reader.Error, reader.ErrorOffset));
        var unsigned = new MsgPackReader([0xFF]);
        Assert.False(unsigned.TryReadUInt64(out _));
        Assert.Equal(MsgPackError.OutOfRange, unsigned.Error);
        foreach (var hex in new[] { "CE80000000", "D3FFFFFFFF7FFFFFFF", "CFFFFFFFFFFFFFFFFF" })
        {
            var narrow = new MsgPackReader(Convert.FromHexString(hex));
            Assert.False(narrow.TryReadInt32(out _));
            Assert.Equal(MsgPackError.OutOfRange, narrow.Error);
        }
    }

    [Fact]
    public void The_extremes_of_each_integer_type_are_read()
    {
        var reader = new MsgPackReader(Convert.FromHexString("CFFFFFFFFFFFFFFFFF" + "D280000000" + "CE7FFFFFFF"));
        Assert.True(reader.TryReadUInt64(out var most));
        Assert.True(reader.TryReadInt32(out var low));
        Assert.True(reader.TryReadInt32(out var high));
        Assert.Equal((ulong.MaxValue, int.MinValue, int.MaxValue), (most, low, high));
    }

    [Theory]
    [InlineData("CA3FC00000", 1.5)]
    [InlineData("CB3FF8000000000000", 1.5)]
    [InlineData("07", 7)]
    [InlineData("D3FFE0000000000000", -9007199254740992.0)]
    public void A_float_is_read_from_any_number_that_holds_it(string hex, double expected)
    {
        var message = Convert.FromHexString(hex);
        var reader = new MsgPackReader(message);
        Assert.True(reader.TryReadDouble(out var wide));
        Assert.Equal(expected, wide);
        if (Math.Abs(expected) > 1 << 24) return;
        reader = new MsgPackReader(message);
        Assert.True(reader.TryReadSingle(out var narrow));
        Assert.Equal(expected, narrow);
    }

    [Fact]
    public void A_float_is_refused_where_precision_or_range_would_be_lost()
    {
        var beyondDouble = new MsgPackReader(Convert.FromHexString("CF0020000000000001"));
        Assert.False(beyondDouble.TryReadDouble(out _));
        Assert.Equal(MsgPackError.OutOfRange, beyondDouble.Error);
        var beyondSingle = new MsgPackReader(Convert.FromHexString("CE01000001"));
        Assert.False(beyondSingle.TryReadSingle(out _));
        Assert.Equal(MsgPackError.OutOfRange, beyondSingle.Error);
        var huge = new MsgPackReader(Convert.FromHexString("CB7FE0000000000000"));
        Assert.False(huge.TryReadSingle(out _));
        Assert.Equal(MsgPackError.OutOfRange, huge.Error);
        var infinite = new MsgPackReader(Convert.FromHexString("CB7FF0000000000000"));
        Assert.True(infinite.TryReadSingle(out var value));
        Assert.Equal(float.PositiveInfinity, value);
    }

    [Fact]
    public void A_value_of_another_type_is_refused_and_every_later_read_fails()
    {
        var reader = new MsgPackReader([0x01, 0xC3, 0x02]);
        Assert.True(reader.TryReadInt32(out _));
        Assert.False(reader.TryReadString(out _));
        Assert.Equal((MsgPackError.UnexpectedType, 1), (reader.Error, reader.ErrorOffset));
        Assert.False(reader.TryReadBoolean(out _));
        Assert.False(reader.TrySkip());
        Assert.False(reader.TryReadEnd());
        Assert.Equal(MsgPackType.None, reader.NextType);
        Assert.Equal((MsgPackError.UnexpectedType, 1), (reader.Error, reader.ErrorOffset));
    }

    [Fact]
    public void The_byte_that_the_format_never_uses_is_refused()
    {
        var reader = new MsgPackReader([0xC1]);
        Assert.Equal(MsgPackType.Reserved, reader.NextType);
        Assert.False(reader.TrySkip());
        Assert.Equal(MsgPackError.ReservedByte, reader.Error);
    }

    [Fact]
    public void Bytes_behind_the_last_value_are_refused()
    {
        var reader = new MsgPackReader([0xC0, 0x00]);
        Assert.True(reader.TryReadNil());
        Assert.False(reader.TryReadEnd());
        Assert.Equal((MsgPackError.TrailingBytes, 1), (reader.Error, reader.ErrorOffset));
    }

    [Theory]
    [InlineData("A2C328")]
    [InlineData("A1FF")]
    [InlineData("A3EDA080")]
    [InlineData("A2C080")]
    [InlineData("A4F4908080")]
    public void A_string_that_is_not_Utf8_is_refused(string hex)
    {
        var message = Convert.FromHexString("00" + hex);
        var reader = new MsgPackReader(message);
        Assert.True(reader.TryReadInt64(out _));
        Assert.False(reader.TryReadString(out _));
        Assert.Equal((MsgPackError.InvalidUtf8, 1), (reader.Error, reader.ErrorOffset));
        var skipping = new MsgPackReader(message.AsSpan(1));
        Assert.False(skipping.TrySkip());
        Assert.Equal(MsgPackError.InvalidUtf8, skipping.Error);
    }

    [Theory]
    [InlineData("DD7FFFFFFF00", MsgPackType.Array, MsgPackError.EndOfData)]
    [InlineData("DDFFFFFFFF00", MsgPackType.Array, MsgPackError.ArrayTooLong)]
    [InlineData("9200", MsgPackType.Array, MsgPackError.EndOfData)]
    [InlineData("DFFFFFFFFF00", MsgPackType.Map, MsgPackError.MapTooLong)]
    [InlineData("8100", MsgPackType.Map, MsgPackError.EndOfData)]
    public void A_count_beyond_the_bytes_left_is_refused_before_any_item(string hex, MsgPackType type, MsgPackError expected)
    {
        var everything = new MsgPackLimits { MaxArrayItems = int.MaxValue, MaxMapEntries = int.MaxValue / 2 };
        var reader = new MsgPackReader(Convert.FromHexString(hex), everything);
        Assert.Equal(type, reader.NextType);
        Assert.False(type == MsgPackType.Array ? reader.TryReadArrayHeader(out var count) : reader.TryReadMapHeader(out count));
        Assert.Equal(0, count);
        Assert.Equal((expected, 0), (reader.Error, reader.ErrorOffset));
    }
}
