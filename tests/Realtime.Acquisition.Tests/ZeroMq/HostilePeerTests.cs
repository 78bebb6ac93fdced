using System.Text;
using Realtime.Acquisition.ZeroMq;
using static Realtime.Acquisition.Tests.ZeroMq.Sockets;

namespace Realtime.Acquisition.Tests.ZeroMq;

/// <summary>Whatever bytes arrive, one peer is closed with one reason, and everyone else goes on.</summary>
public class HostilePeerTests
{
    private static readonly ZmtpOptions Short = Quick with { HandshakeTimeoutMs = 150 };

    private readonly ZmtpMessage _message = new();

    public static TheoryData<string, byte[], string> Openings => new()
    {
        { "HTTP client", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "does not speak ZMTP: it sent 'GET / HTTP/1.1" },
        { "HTTP server", Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n"),
            "'HTTP/1.1 400 Bad Request\\r\\n'; is another program on this port?" },
        { "TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01], "160301020001 (hex) (a TLS handshake)" },
        { "ZMTP 1", [0x01, 0x00], "speaks ZMTP 1.0" },
        { "ZMTP 2", [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 0x01, 0x01], "speaks ZMTP 2.0" },
        { "bad signature", [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7E, 0x03], "does not speak ZMTP" },
        { "CURVE", RawPeer.Greeting("CURVE"), "wants the security mechanism 'CURVE'" },
        { "wrong type", [.. RawPeer.Greeting(), .. RawPeer.Ready("DEALER")], "is a 'DEALER' socket" },
        { "no type", [.. RawPeer.Greeting(), .. RawPeer.Command("\u0005READY")], "did not say which socket type" },
        { "bad metadata", [.. RawPeer.Greeting(), .. RawPeer.Command("\u0005READY\u000bSocket-Type\0\0\u0001\u0000PUB")],
            "malformed metadata" },
        { "error", [.. RawPeer.Greeting(), .. RawPeer.Command("\u0005ERROR\u0007go away")], "refused the connection: 'go away'" },
        { "other command", [.. RawPeer.Greeting(), .. RawPeer.Command("\u0005HELLO")], "other than READY" },
        { "message first", [.. RawPeer.Greeting(), .. RawPeer.Frame("data")], "a message before READY" },
        { "reserved bits", [.. RawPeer.Greeting(), 0x80, 0x00], "reserved flag bits (0x80)" },
        { "huge command", [.. RawPeer.Greeting(), 0x06, 0, 0, 0, 0, 0x40, 0, 0, 0], "a command of 1073741824 bytes" },
        { "silence", [], "said nothing for 150 ms" },
        { "half a greeting", [0xFF, 0, 0], "did not finish the ZMTP handshake within 150 ms" },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public void A_listener_closes_such_a_peer_with_its_reason_and_serves_the_others(string what, byte[] opening, string reason)
    {
        Assert.NotEmpty(what);
        var log = new ListLog();
        using var pub = new PubSocket(AnyPort, Short, log);
        using var sub = Subscriber(pub);
        using (var peer = RawPeer.Connect(pub.Port))
        {
            peer.Send(opening);
            peer.ReadToEnd();
        }

        Until(() => log.Warnings.Count > 0);
        Assert.Contains(reason, Assert.Single(log.Warnings), StringComparison.Ordinal);
        pub.Send(Bytes("still"));
        Assert.Equal("still", Text(Next(sub, _message)[0]));
        Assert.Equal(1, pub.PeerCount);
    }

    [Theory]
    [MemberData(nameof(Openings))]
    public void A_connector_gives_such_a_peer_up_with_its_reason_and_finds_a_good_one_later(string what, byte[] opening, string reason)
    {
        Assert.NotEmpty(what);
        var log = new ListLog();
        using var listener = RawPeer.Listen(out var port);
        using var sub = new SubSocket(At(port), Short, log);
        sub.Subscribe([]);
        RawPeer? bad = null;
        Until(() =>
        {
            sub.Receive(_message, 1);
            if (bad is null && listener.Poll(0, System.Net.Sockets.SelectMode.SelectRead))
            {
                bad = RawPeer.Accept(listener);
                bad.Send(opening);
            }

            return log.Warnings.Count > 0;
        });
        Assert.Contains(reason, log.Warnings[0], StringComparison.Ordinal);
        Assert.Contains($"tcp://127.0.0.1:{port}", log.Warnings[0], StringComparison.Ordinal);

        var good = GoodPublisher(listener, sub);
        good.Send(RawPeer.Frame("hello"));
        Assert.Equal("hello", Text(Next(sub, _message)[0]));
        bad!.Dispose();
        good.Dispose();
    }

    public static TheoryData<string, byte[], string> AfterReady => new()
    {
        { "reserved bits", [0x10, 0x00], "reserved flag bits" },
        { "huge frame", [0x02, 0, 0, 0, 1, 0, 0, 0, 0], "a frame that claims 4294967296 bytes" },
        { "impossible length", [0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "a frame that claims 18446744073709551615 bytes" },
        { "large frame", [0x02, 0, 0, 0, 0, 0, 0, 0x10, 0x01], "a frame of 4097 bytes (the limit is 4096)" },
        { "large message", [.. Large(4000, more: true), .. Large(4000, more: true), .. Large(500, more: false)],
            "a message of 8500 bytes (the limit is 8192)" },
        { "many frames", [.. Enumerable.Repeat(RawPeer.Frame("", more: true), 5).SelectMany(f => f)], "a message of more than 4 frames" },
        { "command with more", [0x05, 0x00], "a command that claims to be part of a message" },
        { "short ping", RawPeer.Command("\u0004PING"), "a PING without a time to live" },
        { "long ping", RawPeer.Command("\u0004PING\0\0" + new string('x', 17)), "a context of 17 bytes" },
        { "error", RawPeer.Command("\u0005ERROR\u0003bye"), "ended the connection with an error" },
    };

    [Theory]
    [MemberData(nameof(AfterReady))]
    public void Bad_frames_after_the_handshake_end_the_connection_and_it_is_made_anew(string what, byte[] bytes, string reason)
    {
        Assert.NotEmpty(what);
        using var listener = RawPeer.Listen(out var port);
        using var sub = new SubSocket(At(port), Quick with { MaxFrameBytes = 4096, MaxMessageBytes = 8192, MaxFrames = 4 });
        sub.Subscribe([]);
        var bad = GoodPublisher(listener, sub);
        bad.Send(bytes);
        Assert.Equal(ReceiveStatus.Disconnected, sub.Receive(_message, PatienceMs));
        Assert.Contains(reason, sub.LastError, StringComparison.Ordinal);
        using var good = GoodPublisher(listener, sub);
        good.Send(RawPeer.Frame("hello"));
        Assert.Equal("hello", Text(Next(sub, _message)[0]));
        bad.Dispose();
    }

    [Fact]
    public void A_connector_survives_random_bytes_and_mutations()
    {
        const int seed = 20_240_611;
        var random = new Random(seed);
        using var listener = RawPeer.Listen(out var port);
        using var sub = new SubSocket(At(port), Quick with { HandshakeTimeoutMs = 30, ReconnectMinMs = 1, ReconnectMaxMs = 1 });
        sub.Subscribe([]);
        for (var i = 0; i < 150; i++)
        {
            RawPeer? peer = null;
            Until(() =>
            {
                sub.Receive(_message, 1);
                if (!listener.Poll(0, System.Net.Sockets.SelectMode.SelectRead)) return false;
                peer = RawPeer.Accept(listener);
                return true;
            });
            TrySend(peer!, Mutated(random, "PUB"));
            for (var k = 0; k < 3; k++) sub.Receive(_message, 1);
            peer!.Dispose();
        }

        using var good = GoodPublisher(listener, sub);
        good.Send(RawPeer.Frame("alive"));
        Assert.Equal("alive", Text(Next(sub, _message)[0]));
    }

    [Fact]
    public void A_listener_survives_random_bytes_and_mutations()
    {
        const int seed = 20_240_612;
        var random = new Random(seed);
        using var pub = new PubSocket(AnyPort, Short);
        using var sub = Subscriber(pub);
        for (var i = 0; i < 300; i++)
        {
            using var peer = RawPeer.Connect(pub.Port);
            TrySend(peer, Mutated(random, "SUB"));
            pub.Send([(byte)i]);
            Assert.Equal((byte)i, Next(sub, _message)[0][0]);
        }

        Until(() => pub.PeerCount == 1);
        Assert.Equal(1, sub.Connections);
    }

    [Fact]
    public void A_peer_too_many_is_turned_away_and_a_place_that_gets_free_is_given_again()
    {
        using var pub = new PubSocket(AnyPort, Quick with { MaxPeers = 2 });
        using var first = Subscriber(pub);
        var second = RawPeer.Connect(pub.Port).Handshake("SUB");
        Until(() => pub.PeerCount == 2);
        using (var third = RawPeer.Connect(pub.Port)) third.ReadToEnd();
        Assert.Contains("2 peers are there (option MaxPeers)", pub.LastError, StringComparison.Ordinal);
        second.Dispose();
        Until(() => pub.PeerCount == 1);
        using var fourth = Subscriber(pub);
        Assert.Equal(2, pub.PeerCount);
    }

    [Fact]
    public void A_flood_of_bad_peers_is_logged_in_few_lines()
    {
        var log = new ListLog();
        using var pub = new PubSocket(AnyPort, Quick, log);
        for (var i = 0; i < 100; i++)
        {
            using var peer = RawPeer.Connect(pub.Port);
            peer.Send(Bytes("junk"));
            peer.ReadToEnd();
        }

        Assert.InRange(log.Warnings.Count, 1, 60);
    }

    /// <summary>A publisher that did everything right so far, known to the subscriber.</summary>
    internal static RawPeer GoodPublisher(System.Net.Sockets.Socket listener, SubSocket sub)
    {
        var before = sub.Connections;
        RawPeer? good = null;
        Until(() =>
        {
            sub.Receive(new ZmtpMessage(), 1);
            if (listener.Poll(0, System.Net.Sockets.SelectMode.SelectRead)) good = RawPeer.Accept(listener).Handshake("PUB");
            return sub.Connections > before;
        });
        return good!;
    }

    private static byte[] Large(int size, bool more)
    {
        var frame = new byte[9 + size];
        frame[0] = (byte)(more ? 3 : 2);
        frame[7] = (byte)(size >> 8);
        frame[8] = (byte)size;
        return frame;
    }

    private static byte[] Mutated(Random random, string type)
    {
        if (random.Next(4) == 0)
        {
            var noise = new byte[random.Next(1, 300)];
            random.NextBytes(noise);
            return noise;
        }

        byte[] bytes =
        [
            .. RawPeer.Greeting(), .. RawPeer.Ready(type), .. RawPeer.Frame("\u0001abc"), .. RawPeer.Frame("part", more: true),
            .. RawPeer.Command("\u0004PING\0\0ctx"), .. RawPeer.Frame("end"), .. RawPeer.Command("\u0009SUBSCRIBEx"),
        ];
        for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(random.Next(3) == 0 ? 64 : 0, bytes.Length)] = (byte)random.Next(256);
        return bytes[..random.Next(1, bytes.Length + 1)];
    }

    private static void TrySend(RawPeer peer, byte[] bytes)
    {
        try
        {
            peer.Send(bytes);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Already closed on us: what this test is about.
        }
    }
}
