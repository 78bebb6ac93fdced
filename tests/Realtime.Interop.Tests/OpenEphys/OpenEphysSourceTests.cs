using System.Text.Json;
using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Sessions;

namespace Realtime.Interop.Tests.OpenEphys;

/// <summary>The source against a ZMQ Interface stand-in over libzmq, judged by the stand-in's own record of what it sent.</summary>
public class OpenEphysSourceTests
{
    [NeedsOpenEphysPeerFact]
    public void Every_spike_and_ttl_of_the_truth_arrives_with_its_sample_and_unit()
    {
        var port = OpenEphysPeer.FreePorts();
        using var peer = OpenEphysPeer.Start(
            port, "--seconds", "20", "--speed", "0", "--channels", "2", "--electrodes", "8", "--wait-subscriber", "1", "--sndhwm", "0",
            "--seed", "3");
        using var reader = new Receiving(port, Receiving.PeerUnits(8));
        var truth = peer.Finish();
        var sent = truth[^1].GetProperty("messages").GetInt64();
        reader.Until(seen => seen.LastMessageNumber == sent);

        Assert.Equal(Spikes(truth), reader.Spikes());
        Assert.Equal(
            truth.Where(Is("ttl")).Select(line => (Sample(line), 2 * line.GetProperty("line").GetInt32()
                + (line.GetProperty("state").GetBoolean() ? 1 : 0))),
            reader.Events.Where(e => e.Kind == EventKind.Ttl).Select(e => (e.Sample, e.Unit)));
        Assert.Equal(
            truth.Where(Is("data")).Select(line => line.GetProperty("first_sample").GetInt64()
                + line.GetProperty("num_samples").GetInt64() - 40).Prepend(0),
            reader.Events.Where(e => e.Kind == EventKind.Watermark).Select(e => e.Sample));
        var seen = reader.Source.Snapshot();
        Assert.Equal((sent, 1L, 0L, 0L, 0L, 0L),
            (seen.Messages, seen.FirstMessageNumber, seen.Lost, seen.Malformed, seen.Duplicates, seen.WithoutOptionalFields));
        Assert.Equal(("Probe-A", 30000.0, 1L), (seen.Stream, seen.SampleRateHz, seen.Connections));
        Assert.Equal((reader.Spikes().Count, 0), (reader.Ledger.Received, reader.Ledger.DroppedTotal));
    }

    [NeedsOpenEphysPeerFact]
    public void Units_that_the_model_lacks_are_counted_by_name()
    {
        var port = OpenEphysPeer.FreePorts();
        using var peer = OpenEphysPeer.Start(port, "--seconds", "5", "--speed", "0", "--channels", "1", "--wait-subscriber", "1",
            "--sndhwm", "0");
        using var reader = new Receiving(port, new UnitTable(Receiving.PeerUnits(7).Units.Skip(1)));
        var truth = peer.Finish();
        reader.Until(seen => seen.LastMessageNumber == truth[^1].GetProperty("messages").GetInt64());

        var unknown = Spikes(truth).Where(spike => spike.Unit == "Probe-A/Electrode 1#0"
            || spike.Unit.Contains("Electrode 8", StringComparison.Ordinal))
            .GroupBy(spike => spike.Unit).ToDictionary(group => group.Key, group => (long)group.Count());
        Assert.Equal(unknown, reader.Source.Snapshot().UnknownUnits.ToDictionary(unit => unit.Unit.ToString(), unit => unit.Spikes));
        Assert.Equal(unknown.Values.Sum(), reader.Ledger.Dropped(DropReason.UnknownUnit));
        Assert.Equal(Spikes(truth).Where(spike => !unknown.ContainsKey(spike.Unit)), reader.Spikes());
    }

    [NeedsOpenEphysPeerFact]
    public void What_a_flooded_publisher_drops_is_accounted_for_by_the_running_number()
    {
        var port = OpenEphysPeer.FreePorts();
        using var peer = OpenEphysPeer.Start(
            port, "--seconds", "20", "--speed", "0", "--channels", "32", "--electrodes", "16", "--wait-subscriber", "1", "--sndhwm", "4");
        using var reader = new Receiving(port, Receiving.PeerUnits(16));
        var truth = peer.Finish();
        reader.UntilQuiet();

        var seen = reader.Source.Snapshot();
        var sent = truth[^1].GetProperty("messages").GetInt64();
        Assert.True(seen.Lost > 0, $"nothing was lost: {seen}");
        Assert.Equal(seen.LastMessageNumber - seen.FirstMessageNumber + 1, seen.Messages + seen.Lost);

        // What was dropped after the last message that came, or before the first, leaves no gap to see.
        Assert.Equal(sent, seen.Messages + seen.Lost + (sent - seen.LastMessageNumber) + (seen.FirstMessageNumber - 1));
        Assert.Equal(seen.Lost, reader.Events.Where(e => e.Kind == EventKind.Loss).Sum(e => (long)e.Unit));
        Assert.Equal((seen.Lost, 0), (reader.Ledger.LostUpstream, reader.Ledger.Restarts));
        var all = Spikes(truth).ToHashSet();
        Assert.All(reader.Spikes(), spike => Assert.Contains(spike, all));
        Assert.Equal(reader.Ledger.Received, reader.Spikes().Count);
    }

    [NeedsOpenEphysPeerFact]
    public void A_gui_that_is_killed_and_comes_back_is_a_restart_and_loses_no_later_spike()
    {
        var port = OpenEphysPeer.FreePorts();
        using var reader = new Receiving(port, Receiving.PeerUnits(8));
        using (var first = OpenEphysPeer.Start(port, "--seconds", "60", "--channels", "1", "--wait-subscriber", "1", "--seed", "1"))
        {
            reader.Until(seen => seen is { Connected: true, LastMessageNumber: > 100 });
            first.Kill();
        }

        reader.Until(seen => !seen.Connected);
        Assert.NotEmpty(reader.Source.Snapshot().LastProblem);
        using var second = OpenEphysPeer.Start(
            port, "--seconds", "3", "--speed", "4", "--channels", "1", "--wait-subscriber", "1", "--seed", "2", "--sndhwm", "0",
            "--start-sample", "5000000");
        var truth = second.Finish();
        var sent = truth[^1].GetProperty("messages").GetInt64();
        reader.Until(seen => seen.Restarts == 1 && seen.LastMessageNumber == sent);

        var restart = reader.Events.FindIndex(e => e.Kind == EventKind.Restart);
        Assert.True(restart > 0);
        Assert.Equal(Spikes(truth), reader.Spikes(restart));
        Assert.Equal((1L, 2L, 0L), (reader.Ledger.Restarts, reader.Source.Snapshot().Connections, reader.Ledger.LostUpstream));
    }

    [NeedsOpenEphysPeerFact]
    public void The_same_run_again_is_a_restart_and_its_equal_samples_are_new_spikes()
    {
        var port = OpenEphysPeer.FreePorts();
        using var reader = new Receiving(port, Receiving.PeerUnits(8));
        for (var run = 1; run <= 2; run++)
        {
            using var peer = OpenEphysPeer.Start(port, "--seconds", "2", "--speed", "0", "--channels", "1", "--wait-subscriber", "1",
                "--sndhwm", "0");
            var truth = peer.Finish();
            var expected = run * Spikes(truth).Count;
            reader.Until(_ => reader.Ledger.Received == expected);
        }

        reader.UntilQuiet(200);
        var half = reader.Events.FindIndex(e => e.Kind == EventKind.Restart);
        Assert.Equal(reader.Spikes()[..(reader.Spikes().Count / 2)], reader.Spikes(half));
        Assert.Equal((1, 0), (reader.Ledger.Restarts, reader.Ledger.LostUpstream));
    }

    [NeedsOpenEphysPeerFact]
    public void The_event_broadcasters_port_is_named_as_such()
    {
        foreach (var format in new[] { "json", "raw" })
        {
            var port = OpenEphysPeer.FreePorts();
            var broadcaster = OpenEphysPeer.FreePorts();
            using var peer = OpenEphysPeer.Start(port, "--seconds", "60", "--event-broadcaster", $"{broadcaster}", "--broadcast-format",
                format);
            using var reader = new Receiving(broadcaster, Receiving.PeerUnits(8));
            reader.Until(seen => seen.Malformed > 3);
            var seen = reader.Source.Snapshot();
            Assert.Equal(ParseProblem.EventBroadcaster, Assert.Single(seen.Problems).Problem);
            Assert.Contains("Event Broadcaster", seen.LastProblem, StringComparison.Ordinal);
            Assert.Contains("5556", seen.LastProblem, StringComparison.Ordinal);
            Assert.Empty(reader.Events);
        }
    }

    private static Func<JsonElement, bool> Is(string kind) => line => line.GetProperty("kind").GetString() == kind;

    private static long Sample(JsonElement line) => line.GetProperty("sample").GetInt64();

    private static List<(long Sample, string Unit)> Spikes(List<JsonElement> truth) =>
    [
        .. truth.Where(Is("spike")).Select(line =>
            (Sample(line), new UnitId("Probe-A", line.GetProperty("electrode").GetString()!,
                line.GetProperty("sorted_id").GetInt32()).ToString())),
    ];
}
