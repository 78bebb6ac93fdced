using Realtime.Acquisition.ZeroMq;

namespace Realtime.Acquisition.Tests.ZeroMq;

public class EndpointAndOptionsTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:5556", "127.0.0.1", 5556, "tcp://127.0.0.1:5556")]
    [InlineData("rig-pc:1", "rig-pc", 1, "tcp://rig-pc:1")]
    [InlineData("tcp://*:5556", "*", 5556, "tcp://*:5556")]
    [InlineData(" TCP://[::1]:9 ", "::1", 9, "tcp://[::1]:9")]
    [InlineData("tcp://*:*", "*", 0, "tcp://*:0")]
    public void Endpoints_are_read_and_written(string text, string host, int port, string shown)
    {
        Assert.True(ZmtpEndpoint.TryParse(text, out var endpoint, out var error), error);
        Assert.Equal(new ZmtpEndpoint(host, port), endpoint);
        Assert.Equal(shown, endpoint.ToString());
    }

    [Theory]
    [InlineData("ipc:///run/x", "'ipc' is not supported")]
    [InlineData("127.0.0.1", "has no port")]
    [InlineData("", "has no port")]
    [InlineData("tcp://:5", "has no port")]
    [InlineData("tcp://host:port", "'port' is not a number")]
    [InlineData("tcp://host:65536", "from 0 to 65535")]
    [InlineData("tcp://host:-1", "is not a number")]
    [InlineData("tcp://::1:5", "needs brackets")]
    [InlineData("tcp://a b:5", "neither a host name nor an IP address")]
    public void What_is_no_endpoint_is_refused_with_a_reason(string text, string reason)
    {
        Assert.False(ZmtpEndpoint.TryParse(text, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains(text.Trim(), error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_out_of_range_is_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new ZmtpOptions { MaxFrames = 65 }.Validate());
        Assert.Contains("MaxFrames must be from 1 to 64", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZmtpOptions { MaxMessageBytes = 100 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZmtpOptions { PeerQueueBytes = 100 }.Validate());
        ZmtpOptions.Default.Validate();
    }

    [Fact]
    public void A_wildcard_cannot_be_connected_to() =>
        Assert.Throws<ArgumentException>(() => new SubSocket(new ZmtpEndpoint("*", 5556)));
}
