using System.Diagnostics;
using Realtime.Acquisition.OpenEphys;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.Interop.Tests.OpenEphys;

public class HeartbeatClientTests
{
    [NeedsOpenEphysPeerFact]
    public void The_plugin_answers_and_lists_the_program()
    {
        var port = OpenEphysPeer.FreePorts();
        using var peer = OpenEphysPeer.Start(port, "--seconds", "3", "--channels", "1");
        peer.WaitUntilReady();
        using (var client = new HeartbeatClient(new ZmtpEndpoint("127.0.0.1", port + 1), "Dekoder ä \"1\"", intervalMs: 50))
        {
            Until(() => client.Received >= 5);
            Assert.Equal((HeartbeatReply.Received, ""), (client.LastReply, client.LastProblem));
        }

        var apps = peer.Finish().Where(line => line.GetProperty("kind").GetString() == "app").ToList();
        Assert.True(apps.Count >= 5);
        Assert.All(apps, app => Assert.Equal(("heartbeat", "Dekoder ä \"1\""),
            (app.GetProperty("type").GetString(), app.GetProperty("application").GetString())));
        Assert.Single(apps.Select(app => app.GetProperty("uuid").GetString()).Distinct());
    }

    [NeedsOpenEphysPeerFact]
    public void Network_events_port_is_named_as_such()
    {
        var port = OpenEphysPeer.FreePorts();
        var network = OpenEphysPeer.FreePorts();
        using var peer = OpenEphysPeer.Start(port, "--seconds", "30", "--channels", "1", "--network-events", $"{network}");
        peer.WaitUntilReady();
        using var client = new HeartbeatClient(new ZmtpEndpoint("127.0.0.1", network), intervalMs: 50);
        Until(() => client.LastReply == HeartbeatReply.NetworkEvents && client.LastProblem.Length > 0);
        Assert.Contains("Network Events", client.LastProblem, StringComparison.Ordinal);
        Assert.Equal(0, client.Received);
    }

    [NeedsOpenEphysPeerFact]
    public void A_gui_that_starts_later_is_found()
    {
        var port = OpenEphysPeer.FreePorts();
        using var client = new HeartbeatClient(new ZmtpEndpoint("127.0.0.1", port + 1), intervalMs: 50);
        Until(() => client.Sent >= 2);
        Assert.Equal((HeartbeatReply.None, 0), (client.LastReply, client.Received));
        Assert.Contains("data do not depend on it", client.LastProblem, StringComparison.Ordinal);
        using var peer = OpenEphysPeer.Start(port, "--seconds", "60", "--channels", "1");
        Until(() => client.Received > 0);
    }

    private static void Until(Func<bool> condition)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); Thread.Sleep(5))
            Assert.True(watch.ElapsedMilliseconds < 60_000, "waited a minute in vain");
    }
}
