using System.Text;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.Acquisition.Tests.ZeroMq;

/// <summary>Short forms for the socket tests.</summary>
internal static class Sockets
{
    /// <summary>Long enough for the slowest build machine; a test that waits this long has failed.</summary>
    public const int PatienceMs = 20_000;

    public static ZmtpEndpoint AnyPort { get; } = new("127.0.0.1", 0);

    /// <summary>Quick reconnects, so that tests do not wait for the back-off.</summary>
    public static ZmtpOptions Quick { get; } = new() { ReconnectMinMs = 5, ReconnectMaxMs = 20, HandshakeTimeoutMs = 2_000 };

    public static ZmtpEndpoint At(int port) => new("127.0.0.1", port);

    public static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);

    /// <summary>A subscriber that is connected and known to the publisher.</summary>
    public static SubSocket Subscriber(PubSocket pub, ZmtpOptions? options = null, string prefix = "")
    {
        var before = pub.Peers.Count(p => p.Subscriptions > 0);
        var sub = new SubSocket(At(pub.Port), options ?? Quick);
        sub.Subscribe(Bytes(prefix));
        Until(() =>
        {
            sub.Receive(new ZmtpMessage(), 5);
            return pub.Peers.Count(p => p.Subscriptions > 0) > before;
        });
        return sub;
    }

    /// <summary>Waits until something is so; fails when it never is.</summary>
    public static void Until(Func<bool> condition)
    {
        for (var end = Environment.TickCount64 + PatienceMs; Environment.TickCount64 < end; Thread.Sleep(1))
        {
            if (condition()) return;
        }

        Assert.Fail("waited in vain");
    }

    /// <summary>The next message, over any number of disconnections.</summary>
    public static ZmtpMessage Next(SubSocket sub, ZmtpMessage message)
    {
        for (var end = Environment.TickCount64 + PatienceMs; Environment.TickCount64 < end;)
        {
            if (sub.Receive(message, 100) == ReceiveStatus.Message) return message;
        }

        throw new TimeoutException($"no message; last error: {sub.LastError}");
    }
}
