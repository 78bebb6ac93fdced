using Realtime.Acquisition.ZeroMq;
using static Realtime.Acquisition.Tests.ZeroMq.Sockets;

namespace Realtime.Acquisition.Tests.ZeroMq;

public class RequestTests
{
    private readonly ZmtpMessage _message = new();

    [Fact]
    public void A_request_is_answered_and_the_next_one_too()
    {
        using var rep = new RepSocket(AnyPort, Quick);
        using var replier = new Replier(rep);
        using var req = new ReqSocket(At(rep.Port), Quick);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(req.TryRequest([(byte)i], _message, PatienceMs, out var error), error);
            Assert.Equal([(byte)i, 1], _message[0].ToArray());
        }

        Assert.Equal(1, req.Connections);
    }

    [Fact]
    public void A_request_without_a_server_says_why_in_its_time_and_the_socket_lives_on()
    {
        var rep = new RepSocket(AnyPort, Quick);
        var port = rep.Port;
        rep.Dispose();
        using var req = new ReqSocket(At(port), Quick);
        Assert.False(req.TryRequest([1], _message, 50, out var error));
        Assert.Contains("refused", error, StringComparison.Ordinal);
        using var again = new RepSocket(At(port), Quick);
        using var replier = new Replier(again);
        Assert.True(req.TryRequest([2], _message, PatienceMs, out error), error);
        Assert.Equal([2, 1], _message[0].ToArray());
    }

    [Fact]
    public void A_request_without_the_end_of_an_envelope_closes_its_sender()
    {
        using var rep = new RepSocket(AnyPort, Quick);
        using var peer = RawPeer.Connect(rep.Port).Handshake("REQ");
        peer.Send(RawPeer.Frame("no envelope"));
        Until(() =>
        {
            Assert.NotEqual(ReceiveStatus.Message, rep.Receive(_message, 5));
            return rep.LastError is not null;
        });
        Assert.Contains("without the empty frame", rep.LastError, StringComparison.Ordinal);
        Assert.False(rep.Reply([1]));
        peer.ReadToEnd();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pushed_messages_are_pulled_in_order(bool pushBinds)
    {
        const int count = 2_000;
        using var push = pushBinds ? PushSocket.Bind(AnyPort, Quick) : null;
        using var pull = pushBinds ? PullSocket.Connect(At(push!.Port), Quick) : PullSocket.Bind(AnyPort, Quick);
        using var connected = pushBinds ? null : PushSocket.Connect(At(pull.Port), Quick);
        var sender = new Thread(() =>
        {
            for (var i = 0; i < count; i++) (push ?? connected)!.Send(BitConverter.GetBytes(i), PatienceMs);
        });
        sender.Start();
        for (var i = 0; i < count;)
        {
            var status = pull.Receive(_message, PatienceMs);
            if (status == ReceiveStatus.Disconnected && i == 0) continue;
            Assert.Equal(ReceiveStatus.Message, status);
            Assert.Equal(i++, BitConverter.ToInt32(_message[0]));
        }

        Assert.True(sender.Join(PatienceMs));
    }

    [Fact]
    public void A_push_without_a_puller_says_so()
    {
        using var bound = PushSocket.Bind(AnyPort, Quick);
        Assert.False(bound.Send([1], 20));
        using var connected = PushSocket.Connect(At(1), Quick);
        Assert.False(connected.Send([1], 20));
        Assert.Contains("refused", connected.LastError, StringComparison.Ordinal);
    }

    /// <summary>Answers every request with its bytes and a 1.</summary>
    private sealed class Replier : IDisposable
    {
        private readonly RepSocket _rep;
        private readonly Thread _thread;

        public Replier(RepSocket rep)
        {
            _rep = rep;
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public void Dispose()
        {
            _rep.Dispose();
            _thread.Join(PatienceMs);
        }

        private void Run()
        {
            var message = new ZmtpMessage();
            for (ReceiveStatus status; (status = _rep.Receive(message, 1000)) != ReceiveStatus.Closed;)
            {
                if (status == ReceiveStatus.Message) _rep.Reply([.. message[0], 1]);
            }
        }
    }
}
