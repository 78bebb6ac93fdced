using System.Globalization;
using System.Text.Json;
using Realtime.Acquisition.Recordings;

namespace Realtime.Interop.Tests.Program;

/// <summary>Runs that are recorded: what they leave decodes again to the bit, NumPy reads it, and a killed run's can be repaired.</summary>
[Collection(RigCollection.Name)]
public sealed class RecordedRunTests(RigFixture rig)
{
    [NeedsPythonFact("numpy")]
    public void Replaying_a_recorded_session_gives_the_runs_predictions_again_to_the_bit()
    {
        var original = SessionReader.Read(rig.Session);
        var model = Path.Combine(rig.Folder, "recorded-possm.rtmodel");
        TinyModels.Write("possm", original, model);
        var first = Live(model, rig.Session, "100.013", record: true);
        var recorded = Path.Combine(first, "session");
        using (var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(first, "report.json"))))
        {
            var recording = json.RootElement.GetProperty("recording");
            Assert.Equal(0, recording.GetProperty("lost_spikes").GetInt64() + recording.GetProperty("lost_behaviour_values").GetInt64());
            Assert.Equal(recorded, recording.GetProperty("folders")[0].GetString());
            Assert.Equal(0, json.RootElement.GetProperty("allocated_bytes_per_tick").GetDouble());
        }

        var session = SessionReader.Read(recorded);
        Assert.Equal(original.Units.Units, session.Units.Units);
        Assert.Equal(original.Behaviour.Select(channel => channel.Name), session.Behaviour.Select(channel => channel.Name));
        using (var numpy = PythonPeer.Start("Recordings/session_peer.py", "print", recorded))
        {
            var seen = numpy.ReadLine().Split(' ');
            Assert.Equal(
                [session.Units.Count, session.SpikeSamples.Length, session.SpikeUnits.Max(), session.BehaviourSamples.Length, session.SpikeSamples.Sum()],
                seen[1..].Select(number => long.Parse(number, CultureInfo.InvariantCulture)));
        }

        var second = Live(model, recorded, "0", record: false);
        var (lived, again) = (Values(first), Values(second));
        Assert.InRange(lived.Count, 1500, 1600);
        Assert.InRange(again.Count, lived.Count - 1, lived.Count + 1);
        Assert.Equal(lived.Take(again.Count), again.Take(lived.Count));
    }

    [NeedsUnixFact]
    public void A_killed_run_leaves_a_session_that_can_be_repaired()
    {
        var data = RigFixture.FreePort();
        using var replay = Rtdecode.Start("replay", rig.Session, "--data-port", Text(data), "--wait-subscribers", "1");
        using var run = Rtdecode.Start("run", rig.Config(data, RigFixture.FreePort(), more: ""), "--record");
        run.WaitFor("LIVE");
        Thread.Sleep(4000);
        run.Signal("KILL");
        run.WaitForExit();
        var folder = Path.Combine(rig.LastRun(), "session");
        Assert.True(SessionRepair.IsNeeded(folder));
        SessionRepair.Repair(folder);
        var session = SessionReader.Read(folder);
        Assert.True(session.SpikeSamples.Length > 100);
        Assert.True(session.BehaviourSamples.Length > 10);
    }

    /// <summary>A run over a stretch of a session, as fast as it goes; gives its folder.</summary>
    private string Live(string model, string session, string from, bool record)
    {
        var data = RigFixture.FreePort();
        var config = rig.Config(data, RigFixture.FreePort(), source: "replay_speed: 0", model: model, more: "");
        string[] arguments = record ? ["run", config, "--seconds", "12", "--record"] : ["run", config, "--seconds", "12"];
        using var run = Rtdecode.Start(arguments);
        run.WaitFor("OFFLINE");
        var (code, _, errors) = Rtdecode.Run("replay", session, "--part", "all", "--from", from, "--speed", "0", "--data-port", Text(data), "--wait-subscribers", "1");
        Assert.True(code == 0, errors);
        Assert.True(run.WaitForExit() == 0, run.Errors);
        return rig.LastRun();
    }

    private static List<string> Values(string run) => File.ReadAllLines(Path.Combine(run, "predictions.csv")).Skip(1)
        .Select(line => line.Split(',')).Where(line => line[2] == "fresh").Select(line => $"{line[12]} {line[13]}").ToList();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
