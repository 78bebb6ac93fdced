using Realtime.Acquisition.MessagePack;

namespace Realtime.Acquisition.Tests.MessagePack;

public class MsgPackLimitsTests
{
    private static readonly MsgPackLimits Small = new()
    {
        MaxMessageBytes = 64,
        MaxStringBytes = 3,
        MaxBinaryBytes = 4,
        MaxArrayItems = 2,
        MaxMapEntries = 1,
        MaxDepth = 3,
    };

    [Theory]
    [InlineData("A3616263", MsgPackError.None)]
    [InlineData("A461626364", MsgPackError.StringTooLong)]
    [InlineData("DBFFFFFFFF61", MsgPackError.StringTooLong)]
    [InlineData("C40401020304", MsgPackError.None)]
    [InlineData("C4050102030405", MsgPackError.BinaryTooLong)]
    [InlineData("C6FFFFFFFF00", MsgPackError.BinaryTooLong)]
    [InlineData("920102", MsgPackError.None)]
    [InlineData("93010203", MsgPackError.ArrayTooLong)]
    [InlineData("810102", MsgPackError.None)]
    [InlineData("8201020304", MsgPackError.MapTooLong)]
    [InlineData("D60501020304", MsgPackError.None)]
    [InlineData("D7050102030405060708", MsgPackError.BinaryTooLong)]
    [InlineData("919190", MsgPackError.None)]
    [InlineData("91919190", MsgPackError.TooDeep)]
    [InlineData("9181009190", MsgPackError.TooDeep)]
    public void Each_limit_holds_to_the_last_unit(string hex, MsgPackError expected)
    {
        var reader = new MsgPackReader(Convert.FromHexString(hex), Small);
        Assert.Equal(expected == MsgPackError.None, reader.TrySkip());
        Assert.Equal(expected, reader.Error);
    }

    [Fact]
    public void A_message_that_is_too_long_is_refused_before_its_first_byte_is_read()
    {
        var fits = new MsgPackReader(new byte[64], Small);
        Assert.True(fits.TryReadInt32(out _));
        var tooLong = new MsgPackReader(new byte[65], Small);
        Assert.Equal(MsgPackError.MessageTooLong, tooLong.Error);
        Assert.False(tooLong.TryReadInt32(out _));
    }

    [Fact]
    public void The_deepest_nesting_that_can_be_asked_for_is_skipped_and_one_more_is_refused()
    {
        var limits = new MsgPackLimits { MaxDepth = MsgPackLimits.DeepestNesting };
        var message = new byte[MsgPackLimits.DeepestNesting + 1];
        message.AsSpan().Fill(0x91);
        message[^1] = 0xC0;
        var reader = new MsgPackReader(message, limits);
        Assert.True(reader.TrySkip());
        Assert.True(reader.TryReadEnd());
        message = [0x91, .. message];
        reader = new MsgPackReader(message, limits);
        Assert.False(reader.TrySkip());
        Assert.Equal((MsgPackError.TooDeep, MsgPackLimits.DeepestNesting), (reader.Error, reader.ErrorOffset));
    }

    [Fact]
    public void A_limit_out_of_its_range_is_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new MsgPackLimits { MaxDepth = MsgPackLimits.DeepestNesting + 1 });
        Assert.Contains("MaxDepth must be from 0 to 64", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MsgPackLimits { MaxStringBytes = -1 });
    }
}
