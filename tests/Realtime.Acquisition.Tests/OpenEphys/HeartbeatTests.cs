using System.Diagnostics;
using System.Text;
using Realtime.Acquisition.OpenEphys;
using Realtime.Acquisition.Replay;
using Realtime.Acquisition.Tests.Replay;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.Acquisition.Tests.OpenEphys;

public class HeartbeatTests
{
    [Theory]
    [InlineData("heartbeat received", HeartbeatReply.Received, "")]
    [InlineData("heartbeat received\0", HeartbeatReply.Received, "")]
    [InlineData("JSON message could not be read", HeartbeatReply.NotUnderstood, "ZMQ Interface plugin at")]
    [InlineData("NotHandled", HeartbeatReply.NetworkEvents, "Network Events")]
    [InlineData("hello", HeartbeatReply.Other, "data port + 1")]
    [InlineData("", HeartbeatReply.Other, "data port + 1")]
    public void Each_answer_tells_who_gave_it(string answer, HeartbeatReply expected, string text)
    {
        Assert.Equal(expected, HeartbeatText.Recognise(Encoding.ASCII.GetBytes(answer)));
        Assert.Contains(text, HeartbeatText.Describe(expected, "tcp://rig:5557"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_stays_far_under_the_plugins_buffer()
    {
        Assert.InRange(HeartbeatText.Request(new string('ä', 100_000), Guid.Empty).Length, 50, 2000);
    }

    [Fact]
    public void The_replay_server_answers_heartbeats()
    {
        using var server = new ReplayServer(Sessions.Random(1), new ReplayOptions { DataPort = 0 });
        Assert.Equal(server.DataPort + 1, server.HeartbeatPort);
        using var client = new HeartbeatClient(new ZmtpEndpoint("127.0.0.1", server.HeartbeatPort), intervalMs: 10);
        Until(() => client.Received >= 3);
        Assert.Equal((HeartbeatReply.Received, ""), (client.LastReply, client.LastProblem));
    }

    [Fact]
    public void Another_dialect_is_reported_once_and_never_ends_the_client()
    {
        var log = new ListLogger();
        using var peer = new RepSocket(new ZmtpEndpoint("127.0.0.1", 0));
        using var client = new HeartbeatClient(new ZmtpEndpoint("127.0.0.1", peer.Port), logger: log, intervalMs: 10);
        var request = new ZmtpMessage();
        for (var answered = 0; answered < 10;)
        {
            if (peer.Receive(request, 10_000) != ReceiveStatus.Message) continue;
            Assert.Contains("\"type\":\"heartbeat\"", Encoding.UTF8.GetString(request[0]), StringComparison.Ordinal);
            peer.Reply("NotHandled"u8);
            answered++;
        }

        Until(() => client.LastReply == HeartbeatReply.NetworkEvents);
        Assert.Single(log.Lines, line => line.Contains("Network Events", StringComparison.Ordinal));
        Assert.Equal(0, client.Received);
    }

    [Fact]
    public void A_silent_peer_makes_the_socket_be_built_anew_until_it_answers()
    {
        using var peer = new RepSocket(new ZmtpEndpoint("127.0.0.1", 0));
        using var client = new HeartbeatClient(new ZmtpEndpoint("127.0.0.1", peer.Port), intervalMs: 10, rebuildAfterMs: 10);
        var request = new ZmtpMessage();
        var watch = Stopwatch.StartNew();
        while (client.Rebuilds < 1 && watch.ElapsedMilliseconds < 60_000) peer.Receive(request, 20); // takes requests, never replies
        Assert.Equal(HeartbeatReply.None, client.LastReply);
        Assert.NotEmpty(client.LastProblem);
        while (client.Received == 0 && watch.ElapsedMilliseconds < 60_000)
            if (peer.Receive(request, 20) == ReceiveStatus.Message) peer.Reply("heartbeat received"u8);
        Assert.True(client.Rebuilds >= 1 && client.Received >= 1);
    }

    private static void Until(Func<bool> condition)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); Thread.Sleep(2))
            Assert.True(watch.ElapsedMilliseconds < 60_000, "waited a minute in vain");
    }
}
