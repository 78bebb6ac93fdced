using System.Security.Cryptography;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.Interop.Tests.ZeroMq;

/// <summary>Our SUB against PUB and XPUB of libzmq.</summary>
public class LibzmqPublisherTests
{
    private readonly ZmtpMessage _message = new();

    [NeedsPythonTheory("zmq")]
    [InlineData(false)]
    [InlineData(true)]
    public void Frames_of_every_size_arrive_unchanged(bool spin)
    {
        using var peer = ZmqPeer.Bind("XPUB");
        using var sub = Subscribed(peer, "", ZmqPeer.Quick with { Spin = spin });
        foreach (var size in new[] { 0, 1, 255, 256, 65_535, 65_537, 1 << 20 })
        {
            var frame = RandomNumberGenerator.GetBytes(size);
            peer.Do($"send {ZmqPeer.Hex("head"u8)} - {ZmqPeer.Hex(frame)} -");
            Receive(sub);
            Assert.Equal(4, _message.FrameCount);
            Assert.Equal("head"u8, _message[0]);
            Assert.Equal(0, _message[1].Length);
            Assert.True(_message[2].SequenceEqual(frame));
            Assert.Equal(0, _message[3].Length);
        }
    }

    [NeedsPythonFact("zmq")]
    public void A_stream_of_messages_arrives_without_gaps()
    {
        const int count = 20_000;
        using var peer = ZmqPeer.Bind("XPUB", "SNDHWM=0");
        using var sub = Subscribed(peer, "topic", ZmqPeer.Quick);
        peer.Do($"burst {count} 100");
        for (var i = 0; i < count; i++)
        {
            Receive(sub);
            Assert.Equal(i, BitConverter.ToInt64(_message[1]));
            Assert.Equal(100, _message[1].Length);
        }
    }

    [NeedsPythonFact("zmq")]
    public void Subscriptions_and_cancellations_reach_the_publisher()
    {
        using var peer = ZmqPeer.Bind("XPUB");
        using var sub = Subscribed(peer, "ab", ZmqPeer.Quick);
        var longPrefix = new byte[300];
        sub.Subscribe(longPrefix);
        sub.Unsubscribe("ab"u8);
        peer.Do("subs 2");
        peer.Expect("sub " + ZmqPeer.Show([1, .. longPrefix]));
        peer.Expect("sub " + ZmqPeer.Show([0, .. "ab"u8]));
    }

    [NeedsPythonFact("zmq")]
    public void A_plain_publisher_filters_by_prefix()
    {
        using var peer = ZmqPeer.Bind("PUB");
        using var sub = new SubSocket(peer.Endpoint, ZmqPeer.Quick);
        sub.Subscribe("wanted"u8);

        // PUB does not tell when a subscription has arrived: send until one comes through.
        ZmqPeer.Until(() =>
        {
            peer.Do($"send {ZmqPeer.Hex("other"u8)}");
            peer.Do($"send {ZmqPeer.Hex("wanted1"u8)}");
            return sub.Receive(_message, 20) == ReceiveStatus.Message;
        });
        Assert.Equal("wanted1"u8, _message[0]);
        Assert.Equal(0, sub.Filtered);
    }

    [NeedsPythonFact("zmq")]
    public void A_publisher_that_restarts_is_found_again_with_its_subscriptions()
    {
        using var peer = ZmqPeer.Bind("XPUB");
        using var sub = Subscribed(peer, "k", ZmqPeer.Quick);
        for (var round = 2; round < 5; round++)
        {
            peer.Do("restart");
            ZmqPeer.Until(() =>
            {
                sub.Receive(_message, 20);
                return sub.Connections == round;
            });
            peer.Do("subs 1");
            peer.Do($"send {ZmqPeer.Hex("k"u8)}");
            Receive(sub);
            Assert.Equal("k"u8, _message[0]);
        }
    }

    [NeedsPythonFact("zmq")]
    public void A_publisher_that_is_killed_and_started_again_is_found()
    {
        int port;
        SubSocket sub;
        using (var peer = ZmqPeer.Bind("XPUB"))
        {
            port = peer.Port;
            sub = Subscribed(peer, "", ZmqPeer.Quick);
        }

        using (sub)
        {
            Assert.Equal(ReceiveStatus.Disconnected, sub.Receive(_message, ZmqPeer.PatienceMs));
            using var again = new PubSocket(new ZmtpEndpoint("127.0.0.1", port));
            ZmqPeer.Until(() =>
            {
                sub.Receive(_message, 5);
                return again.SubscriptionCount == 1;
            });
        }
    }

    [NeedsPythonFact("zmq")]
    public void Heartbeats_of_the_publisher_are_answered_so_a_silent_connection_stands()
    {
        using var peer = ZmqPeer.Bind("XPUB", "HEARTBEAT_IVL=50", "HEARTBEAT_TIMEOUT=200");
        using var sub = Subscribed(peer, "", ZmqPeer.Quick with { HeartbeatIntervalMs = 0 });
        for (var i = 0; i < 10; i++) Assert.Equal(ReceiveStatus.Timeout, sub.Receive(_message, 100));
        peer.Do($"send {ZmqPeer.Hex("still here"u8)}");
        Receive(sub);
        Assert.Equal(1, sub.Connections);
    }

    [NeedsPythonFact("zmq")]
    public void Our_heartbeats_are_answered_by_a_silent_publisher_which_stays_connected()
    {
        using var peer = ZmqPeer.Bind("XPUB");
        using var sub = Subscribed(peer, "", ZmqPeer.Quick with { HeartbeatIntervalMs = 50, HeartbeatTimeoutMs = 300 });
        for (var i = 0; i < 10; i++) Assert.Equal(ReceiveStatus.Timeout, sub.Receive(_message, 100));
        peer.Do($"send {ZmqPeer.Hex("still here"u8)}");
        Receive(sub);
        Assert.Equal(1, sub.Connections);
    }

    [NeedsPythonFact("zmq")]
    public void A_socket_of_the_wrong_type_is_no_connection_and_the_needed_type_is_named()
    {
        using var peer = ZmqPeer.Bind("REP");
        using var sub = new SubSocket(peer.Endpoint, ZmqPeer.Quick);
        ZmqPeer.Until(() =>
        {
            sub.Receive(_message, 20);
            return sub.LastError?.Contains("PUB or XPUB is needed", StringComparison.Ordinal) == true;
        });
        Assert.Equal(0, sub.Connections);
    }

    private static SubSocket Subscribed(ZmqPeer xpub, string prefix, ZmtpOptions options)
    {
        var sub = new SubSocket(xpub.Endpoint, options);
        var bytes = System.Text.Encoding.ASCII.GetBytes(prefix);
        sub.Subscribe(bytes);
        ZmqPeer.Until(() =>
        {
            sub.Receive(new ZmtpMessage(), 5);
            return sub.IsConnected;
        });
        xpub.Do("subs 1");
        xpub.Expect("sub " + ZmqPeer.Show([1, .. bytes]));
        return sub;
    }

    private void Receive(SubSocket sub) => Assert.Equal(ReceiveStatus.Message, sub.Receive(_message, ZmqPeer.PatienceMs));
}
