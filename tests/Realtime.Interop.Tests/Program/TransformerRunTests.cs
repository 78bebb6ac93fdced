using System.Globalization;
using System.Text.Json;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Sessions;

namespace Realtime.Interop.Tests.Program;

/// <summary>Whole runs with transformers: bursts beyond what a window may hold, and what is said about random weights.</summary>
[Collection(RigCollection.Name)]
public sealed class TransformerRunTests(RigFixture rig)
{
    private const double HopS = 0.05;
    private const double BurstFromS = 3;
    private const double BurstToS = 4;
    private const double EndS = 7;

    [Theory]
    [InlineData("poyo")]
    [InlineData("possm")]
    [InlineData("neuroformer")]
    public void A_burst_of_100_times_the_spikes_is_answered_from_the_newest_and_the_rest_is_counted(string kind)
    {
        var session = SessionReader.Read(rig.Session);
        var burst = Path.Combine(rig.Folder, $"burst {kind}");
        SessionWriter.Write(WithBurst(session), burst, overwrite: true);
        var model = Path.Combine(rig.Folder, $"tiny-{kind}.rtmodel");
        TinyModels.Write(kind, session, model);
        var data = RigFixture.FreePort();
        var config = rig.Config(data, RigFixture.FreePort(), model: model);
        File.WriteAllText(config, File.ReadAllText(config).Replace("hop_ms: 50,", "hop_ms: 50, max_window_spikes: 64,", StringComparison.Ordinal));

        using var run = Rtdecode.Start("run", config, "--seconds", "12", "--json");
        run.WaitFor("OFFLINE");
        var (code, _, errors) = Rtdecode.Run(
            "replay", burst, "--from", "0", "--to", EndS.ToString(CultureInfo.InvariantCulture), "--data-port", data.ToString(CultureInfo.InvariantCulture), "--wait-subscribers", "1");
        Assert.True(code == 0, errors);
        Assert.True(run.WaitForExit() == 0, run.Errors);

        using var json = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]);
        var report = json.RootElement;
        var spikes = report.GetProperty("spikes");
        var dropped = spikes.GetProperty("dropped").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        Assert.Equal(spikes.GetProperty("received").GetInt64(), spikes.GetProperty("decoded").GetInt64() + dropped);
        Assert.True(spikes.GetProperty("dropped").GetProperty("window_full").GetInt64() > 1000, spikes.GetRawText());
        Assert.Equal(0, spikes.GetProperty("dropped").GetProperty("ring_full").GetInt64());
        Assert.Equal(0, report.GetProperty("allocated_bytes_per_tick").GetDouble());

        // Every tick has its line; within the burst and after it there are decoded, finite answers.
        var lines = File.ReadAllLines(Path.Combine(rig.LastRun(), "predictions.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        Assert.Equal(report.GetProperty("ticks").GetInt64(), lines.Length);
        AssertAnswered(lines, BurstFromS + 0.3, BurstToS);
        AssertAnswered(lines, BurstToS + 0.5, EndS - 0.2);
        Assert.Contains(lines, line => (int.Parse(line[3], CultureInfo.InvariantCulture) & 16) != 0);
    }

    [Fact]
    public void A_trial_model_answers_within_the_trials_that_a_TTL_line_tells_of()
    {
        const int trialBins = 50;
        var session = SessionReader.Read(rig.Session);
        var trials = Path.Combine(rig.Folder, "trials");
        SessionWriter.Write(session with { Segments = [new TimeRange(0.5, 1.5), new TimeRange(3, 4)] }, trials, overwrite: true);
        var model = Path.Combine(rig.Folder, "tiny-mtm.rtmodel");
        TinyModels.Write("mtm", session, model);
        var data = RigFixture.FreePort();
        var config = rig.Config(data, RigFixture.FreePort(), model: model);
        File.WriteAllText(config, File.ReadAllText(config).Replace("hop_ms: 50,", "hop_ms: 20,", StringComparison.Ordinal));
        var (code, _, errors) = Rtdecode.Run("run", config, "--seconds", "1");
        Assert.Equal(3, code);
        Assert.Contains("trials.line", errors);

        File.AppendAllText(config, "\ntrials: { line: 5 }\n");
        using var run = Rtdecode.Start("run", config, "--seconds", "10", "--json");
        run.WaitFor("OFFLINE");
        (code, _, errors) = Rtdecode.Run(
            "replay", trials, "--from", "0", "--to", "5", "--trial-line", "5", "--data-port", data.ToString(CultureInfo.InvariantCulture), "--wait-subscribers", "1");
        Assert.True(code == 0, errors);
        Assert.True(run.WaitForExit() == 0, run.Errors);

        using var json = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]);
        var report = json.RootElement;
        Assert.Equal(2, report.GetProperty("trials").GetInt64());
        Assert.Equal(0, report.GetProperty("allocated_bytes_per_tick").GetDouble());
        var lines = File.ReadAllLines(Path.Combine(rig.LastRun(), "predictions.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        var answered = lines.Where(line => line[2] is "fresh" or "late").ToArray();
        Assert.Equal(2 * trialBins, answered.Length);
        Assert.Equal(report.GetProperty("answers").GetProperty("fresh").GetInt64() + report.GetProperty("answers").GetProperty("late").GetInt64(), answered.Length);
        Assert.True(report.GetProperty("outside_trial_ticks").GetInt64() > 100);
    }

    [NeedsPythonFact("zmq", "msgpack", "numpy")]
    public void A_model_that_reads_frames_answers_while_they_come_and_not_when_they_have_stopped()
    {
        var model = Path.Combine(rig.Folder, "tiny-frames.rtmodel");
        TinyModels.Write("frames", SessionReader.Read(rig.Session), model);
        var (data, frames) = (RigFixture.FreePort(), RigFixture.FreePort());
        var config = rig.Config(data, RigFixture.FreePort(), model: model);
        var (code, _, errors) = Rtdecode.Run("run", config, "--seconds", "1");
        Assert.Equal(3, code);
        Assert.Contains("frames.host", errors);

        File.AppendAllText(config, FormattableString.Invariant($"\nframes: {{ host: 127.0.0.1, port: {frames} }}\n"));
        using var sender = PythonPeer.Start("../../rig-configs/clients/frames.py", "--port", frames.ToString(CultureInfo.InvariantCulture), "--height", "8", "--width", "10", "--rate", "20");
        using var run = Rtdecode.Start("run", config, "--seconds", "14", "--json");
        run.WaitFor("OFFLINE");
        using var replay = Rtdecode.Start("replay", rig.Session, "--from", "0", "--to", "9", "--data-port", data.ToString(CultureInfo.InvariantCulture), "--wait-subscribers", "1");

        // NB: counted from the first block on, not from the start of a program that a busy machine may take seconds for.
        replay.WaitFor("Replaying");
        Thread.Sleep(TimeSpan.FromSeconds(5));
        sender.Dispose();
        Assert.True(replay.WaitForExit() == 0, replay.Errors);
        Assert.True(run.WaitForExit() == 0, run.Errors);

        using var json = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]);
        var report = json.RootElement;
        Assert.True(report.GetProperty("frames").GetProperty("taken").GetInt64() > 20, report.GetProperty("frames").GetRawText());
        Assert.Equal(0, report.GetProperty("frames").GetProperty("invalid").GetInt64());
        Assert.True(report.GetProperty("decoder_counts").GetProperty("windows_without_frames").GetInt64() > 10);
        var lines = File.ReadAllLines(Path.Combine(rig.LastRun(), "predictions.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        Assert.True(lines.Count(line => line[2] is "fresh" or "late") > 20, string.Join(' ', lines.Select(line => line[2])));

        // The last second of the recording has data and no frames: what is held is flagged as not valid.
        Assert.All(lines.Where(line => long.Parse(line[4], CultureInfo.InvariantCulture) is > 8_000_000_000 and < 8_900_000_000), line => Assert.Equal("held", line[2]));
    }

    [Theory]
    [InlineData("poyo")]
    [InlineData("possm")]
    public void Random_weights_are_told_on_screen_in_the_report_and_in_the_file(string kind)
    {
        // NB: on a machine too busy to answer each tick, live scores are of fewer answers than the reference's: such a run is repeated.
        var folder = Path.Combine(rig.Folder, $"demo {kind}");
        JsonElement report = default;
        for (var attempt = 0; attempt < 4 && (attempt == 0 || Held(report) > 0); attempt++)
        {
            var (code, output, errors) = Rtdecode.Run("demo", "--model", kind, "--random-weights", "--seconds", "3", "--folder", folder, "--json");
            Assert.True(code == 0, errors);
            Assert.Contains("RANDOM WEIGHTS", errors);
            report = JsonSerializer.Deserialize<JsonElement>(output.TrimEnd().Split('\n')[^1]);
        }

        Assert.Equal(0, Held(report));
        Assert.Equal(kind, report.GetProperty("model").GetProperty("name").GetString());
        Assert.Equal("random", report.GetProperty("model").GetProperty("weights").GetString());
        Assert.Equal(kind == "poyo" ? 25 : 50, report.GetProperty("hop_ms").GetDouble());
        Assert.Equal(kind == "poyo" ? 120 : 60, report.GetProperty("ticks").GetInt64());
        Assert.Contains(report.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("random", StringComparison.Ordinal));
        var page = File.ReadAllText(Path.Combine(report.GetProperty("run_folder").GetString()!, "report.html"));
        Assert.Contains($"model {kind}, random weights", page);
        Assert.Contains("its scores mean nothing", page);
        Assert.DoesNotContain("mean R²", page);

        var model = Path.Combine(folder, "demo", $"{kind}-random-weights.rtmodel");
        Assert.Contains("RANDOM WEIGHTS", File.ReadAllText(model));
        var (evaluated, offline, problems) = Rtdecode.Run("evaluate", Path.Combine(folder, "demo", "session"), "--model", model, "--from", "240", "--to", "243", "--json");
        Assert.True(evaluated == 0, problems);
        Assert.Contains("weights are random", problems);
        using var reference = JsonDocument.Parse(offline.TrimEnd().Split('\n')[^1]);
        Assert.Equal(reference.RootElement.GetProperty("scores").GetRawText(), report.GetProperty("scores").GetRawText());

        static long Held(JsonElement report) => report.GetProperty("answers").GetProperty("held").GetInt64();
    }

    [Theory]
    [InlineData("poyo", "--bin-ms", "50")]
    [InlineData("possm", "--lags", "3")]
    [InlineData("poyo", "--where", "speed > 1")]
    public void An_option_of_fitting_is_refused_where_nothing_is_fitted(string kind, string option, string value)
    {
        var (code, _, errors) = Rtdecode.Run("demo", "--model", kind, option, value, "--folder", Path.Combine(rig.Folder, "never made"));
        Assert.Equal(2, code);
        Assert.Contains($"{option} says how to fit a linear model", errors);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "never made")));
    }

    [Fact]
    public void A_model_that_does_not_fit_the_rig_is_told_before_a_run()
    {
        var session = SessionReader.Read(rig.Session);
        var model = Path.Combine(rig.Folder, "fit-possm.rtmodel");
        TinyModels.Write("possm", session, model);
        Expect(0, rig.Config(5556, 5560, model: model), "possm, random weights, 24 units, window 50 ms");
        Expect(3, rig.Config(5556, 5560, source: "stream: prboe", model: model), "sources[0].stream", "stream 'prboe'", "the nearest is 'probe'");
        Expect(3, rig.Config(5556, 5560, more: "units: { bind: [ { stream: a, electrode: b, sorted_id: 0, as: { stream: probe, electrode: nowhere, sorted_id: 1 } } ] }", model: model), "units", "nowhere");
        var config = rig.Config(5556, 5560, model: model);
        File.WriteAllText(config, File.ReadAllText(config).Replace("hop_ms: 50,", "hop_ms: 25,", StringComparison.Ordinal));
        Expect(3, config, "50 ms", "25 ms");

        static void Expect(int code, string config, params string[] texts)
        {
            var (actual, output, errors) = Rtdecode.Run("validate", config);
            Assert.True(actual == code, output + errors);
            foreach (var text in texts) Assert.Contains(text, output + errors, StringComparison.Ordinal);
        }
    }

    private static void AssertAnswered(string[][] lines, double fromS, double toS)
    {
        var due = lines.Where(line => long.Parse(line[4], CultureInfo.InvariantCulture) is var ns && ns > fromS * 1e9 && ns <= toS * 1e9).ToArray();
        Assert.InRange(due.Length, (int)((toS - fromS) / HopS) - 1, (int)((toS - fromS) / HopS) + 1);
        Assert.All(due, line => Assert.Contains(line[2], new[] { "fresh", "late", "held" }));
        Assert.Contains(due, line => line[2] == "fresh");
        Assert.All(due.Where(line => line[2] != "held"), line => Assert.True(float.IsFinite(float.Parse(line[^1], CultureInfo.InvariantCulture)), line[^1]));
    }

    /// <summary>The session with 100 spikes in place of each within a second, spread over the 5 ms behind it and over all units.</summary>
    private static Session WithBurst(Session session)
    {
        var spikes = new List<(long Sample, int Unit)>();
        for (var i = 0; i < session.SpikeSamples.Length; i++)
        {
            spikes.Add((session.SpikeSamples[i], session.SpikeUnits[i]));
            var seconds = session.SpikeSamples[i] / session.SampleRateHz;
            if (seconds is < BurstFromS or >= BurstToS) continue;
            for (var copy = 1; copy < 100; copy++) spikes.Add((session.SpikeSamples[i] + copy * 3 / 2, (session.SpikeUnits[i] + copy) % session.Units.Count));
        }

        spikes.Sort();
        return new Session
        {
            Name = "burst",
            SampleRateHz = session.SampleRateHz,
            Units = session.Units,
            SpikeSamples = spikes.Select(spike => spike.Sample).ToArray(),
            SpikeUnits = spikes.Select(spike => spike.Unit).ToArray(),
            Behaviour = session.Behaviour,
            BehaviourSamples = session.BehaviourSamples,
            BehaviourValues = session.BehaviourValues,
            DurationSeconds = session.DurationSeconds,
            Segments = session.Segments,
            Train = session.Train,
            Valid = session.Valid,
            Test = session.Test,
        };
    }
}
