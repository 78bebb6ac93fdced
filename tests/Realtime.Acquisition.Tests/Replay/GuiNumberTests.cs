using System.Text;
using Realtime.Acquisition.Replay;

namespace Realtime.Acquisition.Tests.Replay;

public class GuiNumberTests
{
    [Theory]
    [InlineData(30000, "30000.0")]
    [InlineData(0, "0.0")]
    [InlineData(-50, "-50.0")]
    [InlineData(0.195, "0.195")]
    [InlineData(29999.9501953125, "29999.9501953125")]
    [InlineData(999999.5, "999999.5")]
    [InlineData(1e6, "1.0e6")]
    [InlineData(-2.5e20, "-2.5e20")]
    [InlineData(1e-5, "1.0e-5")]
    [InlineData(0.00002, "0.00002")]
    [InlineData(1.25e-7, "1.25e-7")]
    [InlineData(double.NaN, "null")]
    [InlineData(double.NegativeInfinity, "null")]
    public void Numbers_look_as_the_gui_prints_them(double value, string expected)
    {
        Span<byte> text = stackalloc byte[GuiNumber.MaxBytes];
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..GuiNumber.Format(value, text)]));
    }

    [Fact]
    public void Names_are_quoted_in_ascii()
    {
        Assert.Equal("\"a\\\"\\\\\\n\\u00e4\\ud83e\\udde0\\u0001\"", Encoding.ASCII.GetString(GuiJsonWriter.Quote("a\"\\\nä🧠\u0001")));
    }
}
