using Realtime.Acquisition.ZeroMq;

namespace Realtime.LatencyLab.Transport;

/// <summary>Our PUB and SUB.</summary>
internal sealed class OwnLink : ITransportLink
{
    private const int TimeoutMs = 1_000;

    private readonly PubSocket _pub;
    private readonly SubSocket _sub;
    private readonly ZmtpMessage _message = new();

    public OwnLink(bool spin)
    {
        // Waiting at the high-water mark makes a flood lossless; at a paced rate the mark is never met.
        var options = new ZmtpOptions { Spin = spin, Overflow = OverflowPolicy.Wait };
        _pub = new PubSocket(new ZmtpEndpoint("127.0.0.1", 0), options);
        _sub = new SubSocket(new ZmtpEndpoint("127.0.0.1", _pub.Port), options);
        _sub.Subscribe([]);
        for (var i = 0; i < 5_000 && _pub.SubscriptionCount == 0; i++) _sub.Receive(_message, 1);
        if (_pub.SubscriptionCount == 0) throw new InvalidOperationException($"no connection: {_sub.LastError}");
    }

    public void Send(ReadOnlySpan<byte> message) => _pub.Send(message);

    public int Receive(Span<byte> into)
    {
        if (_sub.Receive(_message, TimeoutMs) != ReceiveStatus.Message) return -1;
        var frame = _message[0];
        frame.CopyTo(into);
        return frame.Length;
    }

    public void Dispose()
    {
        _sub.Dispose();
        _pub.Dispose();
    }
}
