using Realtime.Acquisition.ZeroMq;

namespace Realtime.Interop.Tests.ZeroMq;

/// <summary>REQ, REP, PUSH and PULL against libzmq, both ways.</summary>
public class LibzmqRequestTests
{
    private readonly ZmtpMessage _message = new();

    [NeedsPythonFact("zmq")]
    public void Our_requests_are_answered_by_a_replier()
    {
        using var peer = ZmqPeer.Bind("REP");
        using var req = new ReqSocket(peer.Endpoint, ZmqPeer.Quick);
        peer.Do("echo 50");
        for (var i = 0; i < 50; i++)
        {
            var body = new byte[i * 2000];
            Random.Shared.NextBytes(body);
            Assert.True(req.TryRequest(body, _message, ZmqPeer.PatienceMs, out var error), error);
            Assert.Equal(1, _message.FrameCount);
            Assert.True(_message[0].SequenceEqual(body));
        }
    }

    [NeedsPythonFact("zmq")]
    public void A_reply_that_comes_too_late_does_not_answer_the_next_request()
    {
        using var peer = ZmqPeer.Bind("REP");
        using var req = new ReqSocket(peer.Endpoint, ZmqPeer.Quick);
        Assert.False(req.TryRequest("first"u8, _message, 50, out var error));
        Assert.Contains("no reply within 50 ms", error, StringComparison.Ordinal);
        peer.Do("echo 2");
        Assert.True(req.TryRequest("second"u8, _message, ZmqPeer.PatienceMs, out error), error);
        Assert.Equal("second"u8, _message[0]);
        Assert.Equal(2, req.Connections);
    }

    [NeedsPythonFact("zmq")]
    public void A_replier_that_restarts_answers_the_next_request()
    {
        using var peer = ZmqPeer.Bind("REP");
        using var req = new ReqSocket(peer.Endpoint, ZmqPeer.Quick);
        peer.Do("echo 1");
        Assert.True(req.TryRequest("a"u8, _message, ZmqPeer.PatienceMs, out var error), error);
        peer.Do("restart");
        peer.Expect("restarted");
        peer.Do("echo 1");
        Assert.True(req.TryRequest("b"u8, _message, ZmqPeer.PatienceMs, out error), error);
        Assert.Equal("b"u8, _message[0]);
    }

    [NeedsPythonFact("zmq")]
    public void A_router_gets_the_envelope_and_answers_through_it()
    {
        using var peer = ZmqPeer.Bind("ROUTER");
        using var req = new ReqSocket(peer.Endpoint, ZmqPeer.Quick);
        peer.Do("echo 1");
        Assert.True(req.TryRequest("routed"u8, _message, ZmqPeer.PatienceMs, out var error), error);
        Assert.Equal("routed"u8, _message[0]);
    }

    [NeedsPythonFact("zmq")]
    public void Our_replies_reach_the_requester_that_asked()
    {
        using var rep = new RepSocket(ZmqPeer.AnyPort, ZmqPeer.Quick);
        using var first = ZmqPeer.Connect("REQ", rep.Port);
        using var second = ZmqPeer.Connect("REQ", rep.Port);
        for (var i = 0; i < 20; i++)
        {
            first.Do("send 0a0b");
            second.Do("send 0c");
            for (var k = 0; k < 2; k++)
            {
                Assert.Equal(ReceiveStatus.Message, rep.Receive(_message, ZmqPeer.PatienceMs));
                Assert.Equal(1, _message.FrameCount);
                Assert.True(rep.Reply([.. _message[0], 0xff]));
                Assert.False(rep.Reply("twice"u8));
            }

            first.Do("recv");
            second.Do("recv");
            first.Expect("got 0a0bff");
            second.Expect("got 0cff");
        }
    }

    [NeedsPythonFact("zmq")]
    public void A_dealer_with_a_deep_envelope_gets_it_back()
    {
        using var rep = new RepSocket(ZmqPeer.AnyPort, ZmqPeer.Quick);
        using var dealer = ZmqPeer.Connect("DEALER", rep.Port);
        dealer.Do("send 01 0203 - 77 78");
        Assert.Equal(ReceiveStatus.Message, rep.Receive(_message, ZmqPeer.PatienceMs));
        Assert.Equal(2, _message.FrameCount);
        Assert.True(rep.Reply("ok"u8));
        dealer.Do("recv");
        dealer.Expect("got 01 0203 - 6f6b");
    }

    [NeedsPythonTheory("zmq")]
    [InlineData(true)]
    [InlineData(false)]
    public void We_pull_all_that_a_pusher_sends(bool weBind)
    {
        const int count = 5_000;
        using var bound = weBind ? null : ZmqPeer.Bind("PUSH");
        using var pull = weBind ? PullSocket.Bind(ZmqPeer.AnyPort, ZmqPeer.Quick) : PullSocket.Connect(bound!.Endpoint, ZmqPeer.Quick);
        using var connected = weBind ? ZmqPeer.Connect("PUSH", pull.Port) : null;
        (bound ?? connected)!.Do($"burst {count} 50");
        for (var i = 0; i < count;)
        {
            var status = pull.Receive(_message, ZmqPeer.PatienceMs);
            if (status == ReceiveStatus.Disconnected && i == 0) continue;
            Assert.Equal(ReceiveStatus.Message, status);
            Assert.Equal(2, _message.FrameCount);
            Assert.Equal(i++, BitConverter.ToInt64(_message[1]));
        }
    }

    [NeedsPythonTheory("zmq")]
    [InlineData(true)]
    [InlineData(false)]
    public void All_that_we_push_is_pulled(bool weBind)
    {
        const int count = 5_000;
        using var bound = weBind ? null : ZmqPeer.Bind("PULL");
        using var push = weBind ? PushSocket.Bind(ZmqPeer.AnyPort, ZmqPeer.Quick) : PushSocket.Connect(bound!.Endpoint, ZmqPeer.Quick);
        using var connected = weBind ? ZmqPeer.Connect("PULL", push.Port) : null;
        var peer = (bound ?? connected)!;
        peer.Do($"count {count}");
        for (var i = 0L; i < count; i++) Assert.True(push.Send("t"u8, BitConverter.GetBytes(i), ZmqPeer.PatienceMs));
        Assert.True(push.Flush(ZmqPeer.PatienceMs));
        peer.Expect($"counted {count} 0 {count - 1}");
    }
}
