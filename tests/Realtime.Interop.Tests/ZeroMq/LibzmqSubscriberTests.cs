using System.Security.Cryptography;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.Interop.Tests.ZeroMq;

/// <summary>Our PUB against SUB and XSUB of libzmq (which speaks ZMTP 3.1 and falls back).</summary>
public class LibzmqSubscriberTests
{
    [NeedsPythonFact("zmq")]
    public void Frames_of_every_size_arrive_unchanged()
    {
        using var pub = new PubSocket(ZmqPeer.AnyPort);
        using var peer = Subscribed(pub, "");
        foreach (var size in new[] { 0, 1, 255, 256, 65_535, 65_537, 1 << 20 })
        {
            var frame = RandomNumberGenerator.GetBytes(size);
            pub.Send("head"u8, frame, []);
            peer.Do("recv");
            peer.Expect($"got {ZmqPeer.Show("head"u8)} {ZmqPeer.Show(frame)} -");
        }
    }

    [NeedsPythonFact("zmq")]
    public void A_stream_of_messages_arrives_without_gaps()
    {
        const int count = 20_000;
        using var pub = new PubSocket(ZmqPeer.AnyPort, new ZmtpOptions { Overflow = OverflowPolicy.Wait });
        using var peer = Subscribed(pub, "topic", "RCVHWM=0");
        peer.Do($"count {count}");
        var body = new byte[100];
        for (var i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(body, (long)i);
            pub.Send("topic"u8, body);
        }

        peer.Expect($"counted {count} 0 {count - 1}");
        Assert.Equal(count, pub.Sent);
        Assert.Equal(0, pub.Dropped);
    }

    [NeedsPythonFact("zmq")]
    public void Prefixes_filter_and_cancellations_take_effect()
    {
        using var pub = new PubSocket(ZmqPeer.AnyPort);
        using var peer = Subscribed(pub, "a");
        pub.Send("b1"u8);
        pub.Send("a1"u8);
        peer.Do("recv");
        peer.Expect("got " + ZmqPeer.Show("a1"u8));
        peer.Do($"sub {ZmqPeer.Hex("b"u8)}");
        ZmqPeer.Until(() => pub.SubscriptionCount == 2);
        peer.Do($"unsub {ZmqPeer.Hex("a"u8)}");
        ZmqPeer.Until(() => pub.SubscriptionCount == 1);
        pub.Send("a2"u8);
        pub.Send("b2"u8);
        peer.Do("recv");
        peer.Expect("got " + ZmqPeer.Show("b2"u8));
        Assert.Equal(2, pub.Sent);
    }

    [NeedsPythonFact("zmq")]
    public void Several_subscribers_each_get_theirs_and_one_that_dies_hurts_no_other()
    {
        using var pub = new PubSocket(ZmqPeer.AnyPort);
        using var first = Subscribed(pub, "a");
        using var second = Subscribed(pub, "");
        pub.Send("a1"u8);
        pub.Send("b1"u8);
        first.Do("recv 1");
        first.Expect("got " + ZmqPeer.Show("a1"u8));
        second.Do("recv 2");
        second.Expect("got " + ZmqPeer.Show("a1"u8));
        second.Expect("got " + ZmqPeer.Show("b1"u8));
        first.Dispose();
        ZmqPeer.Until(() => pub.PeerCount == 1);
        pub.Send("a2"u8);
        second.Do("recv");
        second.Expect("got " + ZmqPeer.Show("a2"u8));
        Assert.Equal(4, pub.Sent);
    }

    [NeedsPythonFact("zmq")]
    public void A_subscriber_reconnects_by_itself_after_our_restart()
    {
        var pub = new PubSocket(ZmqPeer.AnyPort);
        using var peer = Subscribed(pub, "");

        // NB: libzmq sends its subscriptions again only while its owner is inside a call on the socket.
        peer.Do("recv");
        pub.Dispose();
        using var again = new PubSocket(new ZmtpEndpoint("127.0.0.1", pub.Port));
        Assert.True(again.WaitForSubscriber(1, ZmqPeer.PatienceMs));
        again.Send("back"u8);
        peer.Expect("got " + ZmqPeer.Show("back"u8));
    }

    [NeedsPythonFact("zmq")]
    public void Heartbeats_both_ways_keep_a_silent_connection()
    {
        using var pub = new PubSocket(ZmqPeer.AnyPort, new ZmtpOptions { HeartbeatIntervalMs = 50, HeartbeatTimeoutMs = 300 });
        using var peer = Subscribed(pub, "", "HEARTBEAT_IVL=50", "HEARTBEAT_TIMEOUT=200");
        var address = pub.Peers[0].Address;
        peer.Do("quiet 1000");
        peer.Expect("awake");
        Assert.Equal(address, pub.Peers.Single().Address);
        pub.Send("still here"u8);
        peer.Do("recv");
        peer.Expect("got " + ZmqPeer.Show("still here"u8));
    }

    [NeedsPythonFact("zmq")]
    public void An_extended_subscriber_is_served_too()
    {
        using var pub = new PubSocket(ZmqPeer.AnyPort);
        using var peer = ZmqPeer.Connect("XSUB", pub.Port);
        peer.Do("send 01" + ZmqPeer.Hex("x"u8));
        Assert.True(pub.WaitForSubscriber(1, ZmqPeer.PatienceMs));
        pub.Send("x1"u8, "payload"u8);
        peer.Do("recv");
        peer.Expect($"got {ZmqPeer.Show("x1"u8)} {ZmqPeer.Show("payload"u8)}");
    }

    [NeedsPythonFact("zmq")]
    public void A_puller_that_connects_by_mistake_is_no_peer_and_the_needed_type_is_named()
    {
        using var pub = new PubSocket(ZmqPeer.AnyPort);
        using var peer = ZmqPeer.Connect("PULL", pub.Port);
        ZmqPeer.Until(() => pub.LastError?.Contains("SUB or XSUB is needed", StringComparison.Ordinal) == true);
        Assert.Equal(0, pub.PeerCount);
    }

    private static ZmqPeer Subscribed(PubSocket pub, string prefix, params string[] options)
    {
        var before = pub.SubscriptionCount;
        var peer = ZmqPeer.Connect("SUB", pub.Port, options);
        peer.Do($"sub {ZmqPeer.Hex(System.Text.Encoding.ASCII.GetBytes(prefix))}");
        ZmqPeer.Until(() => pub.SubscriptionCount > before);
        return peer;
    }
}
