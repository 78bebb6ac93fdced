using Realtime.Acquisition.ZeroMq;
using static Realtime.Acquisition.Tests.ZeroMq.Sockets;

namespace Realtime.Acquisition.Tests.ZeroMq;

public class PubSubTests
{
    private readonly ZmtpMessage _message = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Messages_of_one_to_three_frames_arrive_in_order_and_whole(bool spin)
    {
        using var pub = new PubSocket(AnyPort, Quick);
        using var sub = Subscriber(pub, Quick with { Spin = spin });
        var large = new byte[100_000];
        Random.Shared.NextBytes(large);
        pub.Send(Bytes("one"));
        pub.Send(Bytes("two"), large);
        pub.Send(Bytes("three"), [], Bytes("end"));

        Assert.Equal("one", Text(Next(sub, _message)[0]));
        Assert.Equal(1, _message.FrameCount);
        Assert.True(Next(sub, _message)[1].SequenceEqual(large));
        Assert.Equal(100_003, _message.TotalBytes);
        Assert.Equal(3, Next(sub, _message).FrameCount);
        Assert.Equal(0, _message[1].Length);
        Assert.Equal("end", Text(_message[2]));
        Assert.Equal(ReceiveStatus.Timeout, sub.Receive(_message, 0));
    }

    [Fact]
    public void A_subscriber_gets_only_what_matches_its_prefixes_until_it_unsubscribes()
    {
        using var pub = new PubSocket(AnyPort, Quick);
        using var sub = Subscriber(pub, prefix: "spike.");
        pub.Send(Bytes("lfp.1"));
        pub.Send(Bytes("spike"));
        pub.Send(Bytes("spike.1"));
        Assert.Equal("spike.1", Text(Next(sub, _message)[0]));

        sub.Subscribe(Bytes("lfp"));
        Until(() => pub.SubscriptionCount == 2);
        pub.Send(Bytes("lfp.2"));
        Assert.Equal("lfp.2", Text(Next(sub, _message)[0]));

        sub.Unsubscribe(Bytes("spike."));
        Until(() => pub.SubscriptionCount == 1);
        pub.Send(Bytes("spike.3"));
        pub.Send(Bytes("lfp.3"));
        Assert.Equal("lfp.3", Text(Next(sub, _message)[0]));
        Assert.Equal(3, pub.Sent);
    }

    [Fact]
    public void A_cancelled_prefix_delivers_nothing_more_even_before_the_publisher_knows()
    {
        using var pub = new PubSocket(AnyPort, Quick);
        using var sub = Subscriber(pub, prefix: "a");
        sub.Subscribe(Bytes("b"));
        Until(() => pub.SubscriptionCount == 2);
        pub.Send(Bytes("a1"));
        pub.Send(Bytes("b1"));
        sub.Unsubscribe(Bytes("a"));
        Assert.Equal("b1", Text(Next(sub, _message)[0]));
        Assert.Equal(1, sub.Filtered);
    }

    [Fact]
    public void A_prefix_subscribed_twice_holds_until_it_is_taken_back_twice()
    {
        using var pub = new PubSocket(AnyPort, Quick);
        using var sub = Subscriber(pub, prefix: "x");
        sub.Subscribe(Bytes("x"));
        sub.Unsubscribe(Bytes("x"));
        pub.Send(Bytes("x1"));
        Assert.Equal("x1", Text(Next(sub, _message)[0]));
    }

    [Fact]
    public void Arrival_times_do_not_go_backwards_and_lie_between_send_and_receive()
    {
        using var pub = new PubSocket(AnyPort, Quick);
        using var sub = Subscriber(pub);
        var before = Engine.Time.MonotonicClock.Instance.NowNs;
        for (var i = 0; i < 100; i++) pub.Send([(byte)i]);
        var last = before;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i, Next(sub, _message)[0][0]);
            Assert.InRange(_message.ArrivalNs, last, Engine.Time.MonotonicClock.Instance.NowNs);
            last = _message.ArrivalNs;
        }
    }

    [Fact]
    public void Without_a_publisher_receive_keeps_its_time_and_says_so()
    {
        using var sub = new SubSocket(At(1), Quick);
        Assert.Equal(ReceiveStatus.Disconnected, sub.Receive(_message, 0));
        Assert.Equal(ReceiveStatus.Disconnected, sub.Receive(_message, 50));
        Assert.False(sub.IsConnected);
        Assert.Contains("refused", sub.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_socket_says_closed_even_to_a_thread_that_waits_in_receive()
    {
        using var pub = new PubSocket(AnyPort, Quick);
        var sub = Subscriber(pub);
        var status = ReceiveStatus.Timeout;
        var waiter = new Thread(() => status = sub.Receive(_message, -1));
        waiter.Start();
        Thread.Sleep(20);
        sub.Dispose();
        Assert.True(waiter.Join(PatienceMs));
        Assert.Equal(ReceiveStatus.Closed, status);
        Assert.Equal(ReceiveStatus.Closed, sub.Receive(_message, 0));
    }

    [Fact]
    public void After_the_publisher_is_restarted_the_subscriptions_are_sent_again()
    {
        var pub = new PubSocket(AnyPort, Quick);
        var port = pub.Port;
        using var sub = Subscriber(pub, prefix: "k");
        pub.Send(Bytes("k1"));
        Next(sub, _message);
        pub.Dispose();

        using var again = new PubSocket(At(port), Quick);
        Assert.Equal(ReceiveStatus.Disconnected, sub.Receive(_message, PatienceMs));
        Until(() =>
        {
            sub.Receive(_message, 5);
            return again.SubscriptionCount == 1;
        });
        again.Send(Bytes("k2"));
        Assert.Equal("k2", Text(Next(sub, _message)[0]));
        Assert.Equal(2, sub.Connections);
    }

    [Fact]
    public void A_port_in_use_is_an_error_of_its_own_that_names_the_endpoint()
    {
        using var first = new PubSocket(AnyPort);
        var error = Assert.Throws<EndpointInUseException>(() => new PubSocket(At(first.Port)));
        Assert.Contains($"tcp://127.0.0.1:{first.Port}", error.Message, StringComparison.Ordinal);
        Assert.Equal(first.Port, error.Endpoint.Port);
    }

    [Fact]
    public void An_address_of_another_machine_cannot_be_bound_and_that_is_said()
    {
        var error = Assert.Throws<EndpointException>(() => new PubSocket(new ZmtpEndpoint("192.0.2.1", 0)));
        Assert.Contains("no such address", error.Message, StringComparison.Ordinal);
    }
}
