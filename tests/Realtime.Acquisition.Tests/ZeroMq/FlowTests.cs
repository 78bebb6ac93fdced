using Realtime.Acquisition.ZeroMq;
using Realtime.Tests;
using static Realtime.Acquisition.Tests.ZeroMq.Sockets;

namespace Realtime.Acquisition.Tests.ZeroMq;

/// <summary>Slow peers, full queues, broken writes, heartbeats, and no allocation on the way.</summary>
public class FlowTests
{
    private static readonly ZmtpOptions SmallBuffers = Quick with { SendBufferBytes = 8192, HighWaterMark = 50, HeartbeatIntervalMs = 0 };

    private readonly ZmtpMessage _message = new();

    [Fact]
    public void A_connection_that_brings_one_byte_at_a_time_is_read_all_the_same()
    {
        using var listener = RawPeer.Listen(out var port);
        using var sub = new SubSocket(At(port), Quick with { HandshakeTimeoutMs = PatienceMs, HeartbeatIntervalMs = 0 });
        sub.Subscribe([]);
        RawPeer? peer = null;
        Until(() =>
        {
            sub.Receive(_message, 1);
            if (listener.Poll(0, System.Net.Sockets.SelectMode.SelectRead)) peer = RawPeer.Accept(listener);
            return peer is not null;
        });
        byte[] stream =
        [
            .. RawPeer.Greeting(), .. RawPeer.Ready("PUB"), .. RawPeer.Frame("head", more: true), .. RawPeer.Command("\u0004PING\0\0ab"),
            0x02, 0, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3,
        ];
        var status = ReceiveStatus.Timeout;
        foreach (var one in stream)
        {
            Assert.NotEqual(ReceiveStatus.Message, status);
            peer!.Send(one);
            status = sub.Receive(_message, 2);
        }

        if (status != ReceiveStatus.Message) status = sub.Receive(_message, PatienceMs);
        Assert.Equal(ReceiveStatus.Message, status);
        Assert.Equal(2, _message.FrameCount);
        Assert.Equal("head", Text(_message[0]));
        Assert.Equal([1, 2, 3], _message[1].ToArray());

        // Greeting, READY, the subscription, then the answer to the PING in the middle of the message.
        var pong = RawPeer.Command("\u0004PONGab");
        Assert.Equal(pong, peer!.Read(64 + 27 + 3 + pong.Length)[^pong.Length..]);
        peer.Dispose();
    }

    [Fact]
    public void A_subscriber_that_stops_reading_loses_exactly_what_is_counted_and_reads_whole_messages_after()
    {
        const int count = 3_000;
        using var pub = new PubSocket(AnyPort, SmallBuffers);
        using var slow = RawPeer.Connect(pub.Port, receiveBuffer: 4096).Handshake("SUB");
        slow.Read(64 + 27);
        slow.Send(RawPeer.Frame("\u0001"));
        Assert.True(pub.WaitForSubscriber(1, PatienceMs));
        using var fast = Subscriber(pub);

        var body = new byte[1000];
        for (var i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(body, i);
            pub.Send(body);
            Assert.Equal(i, BitConverter.ToInt32(Next(fast, _message)[0]));
        }

        var books = pub.Peers[0];
        Assert.InRange(books.Dropped, 1, count - 1);
        Assert.InRange(books.Queued, 1, SmallBuffers.HighWaterMark);
        Assert.Equal(count, books.Sent + books.Dropped + books.Queued);
        Assert.Equal(0, pub.Peers[1].Dropped);

        var got = 0;
        var last = -1;
        while (got < count - books.Dropped)
        {
            // Long form: flags, 8 bytes of length, the body.
            var frame = slow.Read(9 + body.Length);
            Assert.Equal([2, 0, 0, 0, 0, 0, 0, 3, 0xE8], frame[..9]);
            var sequence = BitConverter.ToInt32(frame, 9);
            Assert.True(sequence > last);
            last = sequence;
            got++;
        }

        Assert.True(pub.Flush(PatienceMs));
        Assert.Equal(0, slow.Socket.Available);
        Assert.Equal(count, pub.Peers[0].Sent + pub.Peers[0].Dropped);
        Assert.Equal(books.Dropped, pub.Dropped);
    }

    [Fact]
    public void Waiting_for_room_loses_nothing()
    {
        const int count = 5_000;
        using var pub = new PubSocket(AnyPort, SmallBuffers with { Overflow = OverflowPolicy.Wait });
        using var slow = RawPeer.Connect(pub.Port, receiveBuffer: 4096).Handshake("SUB");
        slow.Read(64 + 27);
        slow.Send(RawPeer.Frame("\u0001"));
        Assert.True(pub.WaitForSubscriber(1, PatienceMs));
        var sender = new Thread(() =>
        {
            var body = new byte[500];
            for (var i = 0; i < count; i++)
            {
                BitConverter.TryWriteBytes(body, i);
                pub.Send(body);
            }
        });
        sender.Start();
        for (var i = 0; i < count; i++) Assert.Equal(i, BitConverter.ToInt32(slow.Read(509), 9));
        Assert.True(sender.Join(PatienceMs));
        Assert.True(pub.Flush(PatienceMs));
        Assert.Equal(0, pub.Dropped);
        Assert.Equal(count, pub.Sent);
    }

    [Fact]
    public void What_a_dead_subscriber_left_in_its_queue_is_counted_as_dropped()
    {
        using var pub = new PubSocket(AnyPort, SmallBuffers);
        var slow = RawPeer.Connect(pub.Port, receiveBuffer: 4096).Handshake("SUB");
        slow.Read(64 + 27);
        slow.Send(RawPeer.Frame("\u0001"));
        Assert.True(pub.WaitForSubscriber(1, PatienceMs));
        for (var i = 0; i < 500; i++) pub.Send(new byte[1000]);
        slow.Dispose();
        Until(() => pub.PeerCount == 0);
        Assert.Equal(500, pub.Sent + pub.Dropped);
        Assert.True(pub.Dropped > 0);
    }

    [Fact]
    public void A_message_larger_than_the_limits_is_refused_before_it_is_sent()
    {
        using var pub = new PubSocket(AnyPort, Quick with { MaxFrameBytes = 100, MaxMessageBytes = 150 });
        using var sub = Subscriber(pub);
        Assert.Throws<ArgumentException>(() => pub.Send(new byte[101]));
        Assert.Throws<ArgumentException>(() => pub.Send(new byte[100], new byte[51]));
        pub.Send(new byte[100], new byte[50]);
        Assert.Equal(150, Next(sub, _message).TotalBytes);
    }

    [Fact]
    public void Subscription_commands_of_version_3_1_are_understood()
    {
        using var pub = new PubSocket(AnyPort, Quick with { HeartbeatIntervalMs = 0 });
        using var peer = RawPeer.Connect(pub.Port).Handshake("SUB");
        peer.Send(RawPeer.Command("\u0009SUBSCRIBEab"));
        Assert.True(pub.WaitForSubscriber(1, PatienceMs));
        pub.Send(Bytes("xx"));
        pub.Send(Bytes("abc"));
        Assert.Equal(RawPeer.Frame("abc"), peer.Read(64 + 27 + 5)[^5..]);
        peer.Send(RawPeer.Command("\u0006CANCELab"));
        Until(() => pub.SubscriptionCount == 0);
    }

    [Fact]
    public void A_peer_that_answered_pings_and_falls_silent_is_taken_for_dead()
    {
        using var listener = RawPeer.Listen(out var port);
        using var sub = new SubSocket(At(port), Quick with { HeartbeatIntervalMs = 20, HeartbeatTimeoutMs = 100 });
        using var peer = HostilePeerTests.GoodPublisher(listener, sub);
        peer.Send(RawPeer.Command("\u0004PONG"));
        Until(() => sub.Receive(_message, 5) == ReceiveStatus.Disconnected);
        Assert.Contains("taken for dead", sub.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_peer_that_never_answers_pings_is_left_alone()
    {
        using var listener = RawPeer.Listen(out var port);
        using var sub = new SubSocket(At(port), Quick with { HeartbeatIntervalMs = 20, HeartbeatTimeoutMs = 60 });
        sub.Subscribe([]);
        using var peer = HostilePeerTests.GoodPublisher(listener, sub);
        for (var i = 0; i < 40; i++) Assert.Equal(ReceiveStatus.Timeout, sub.Receive(_message, 10));
        peer.Send(RawPeer.Frame("late"));
        Assert.Equal("late", Text(Next(sub, _message)[0]));
        Assert.Equal(1, sub.Connections);
    }

    [Fact]
    public void A_caller_that_paused_longer_than_the_heartbeat_keeps_its_connection()
    {
        using var pub = new PubSocket(AnyPort, Quick with { HeartbeatIntervalMs = 0 });
        using var sub = Subscriber(pub, Quick with { HeartbeatIntervalMs = 20, HeartbeatTimeoutMs = 60 });
        for (var i = 0; i < 5; i++) sub.Receive(_message, 20);
        Thread.Sleep(300);
        for (var i = 0; i < 10; i++) Assert.Equal(ReceiveStatus.Timeout, sub.Receive(_message, 20));
        Assert.Equal(1, sub.Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sending_and_receiving_allocate_nothing(bool spin)
    {
        using var pub = new PubSocket(AnyPort, Quick);

        // Heartbeats so often that both the warm-up and the measured part contain them, and waits that time out.
        using var sub = Subscriber(pub, Quick with { Spin = spin, HeartbeatIntervalMs = 5 });
        var topic = Bytes("spike");
        var body = new byte[700];
        Exchange(300);
        for (var i = 0; i < 20; i++) sub.Receive(_message, 3);
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            Exchange(1_000);
            for (var i = 0; i < 20; i++) sub.Receive(_message, 3);
        }));

        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                pub.Send(topic, body);
                if (i % 3 == 0) pub.Send(topic);
                while (sub.Receive(_message, i % 2) != ReceiveStatus.Message || _message.FrameCount != 2)
                {
                    // The message before, or not there yet.
                }
            }
        }
    }

    [Fact]
    public void Sending_to_a_full_peer_allocates_nothing()
    {
        using var pub = new PubSocket(AnyPort, SmallBuffers);
        using var slow = RawPeer.Connect(pub.Port, receiveBuffer: 4096).Handshake("SUB");
        slow.Send(RawPeer.Frame("\u0001"));
        Assert.True(pub.WaitForSubscriber(1, PatienceMs));
        var body = new byte[1000];
        for (var i = 0; i < 500; i++) pub.Send(body);
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var i = 0; i < 1_000; i++) pub.Send(body);
        }));
        Assert.True(pub.Dropped >= 1_000);
    }
}
