using System.Globalization;
using System.Text.Json;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Engine.Offline;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;
using Realtime.Models;
using Realtime.Models.Neuroformer;

namespace Realtime.Interop.Tests.Program;

/// <summary>A session with video frames through the whole program: simulated, trained on, evaluated, replayed to a live run, and recorded by it.</summary>
[Collection(RigCollection.Name)]
public sealed class FrameSessionTests(RigFixture rig)
{
    private const string Recipe = """
        kind: neuroformer
        model: { n_embd: 16, n_head: 2, block_prev_id: 40, history_layers: 1, window_prev: 0.05, contrastive_vars: [id, frames], frames: { window: 0.15, kernel: [3, 6, 4], scale: 0.004 } }
        inputs: [run_speed]
        outputs: [gaze_x]
        batch_windows: 64
        epochs: 2
        windows_per_epoch: 640
        learning_rate: 4.0e-3
        token_sd: 0.5
        """;

    [Fact]
    public void Live_answers_over_a_replay_are_those_of_the_offline_evaluation_and_of_the_runs_own_recording()
    {
        const int endS = 4;
        var folder = Path.Combine(rig.Folder, "visual session");
        var (recipe, model) = (Path.Combine(rig.Folder, "frames.yaml"), Path.Combine(rig.Folder, "frames trained.rtmodel"));
        Expect(0, "simulate-session", folder, "--kind", "visual", "--units", "24", "--minutes", "1", "--seed", "3");
        File.WriteAllText(recipe, Recipe);
        Expect(0, "train", folder, "--config", recipe, "-o", model, "--no-baselines");
        using (var trained = JsonDocument.Parse(File.ReadAllText(Path.Combine(model + ".report", "report.json"))))
        {
            var point = trained.RootElement.GetProperty("curve")[1];
            Assert.Equal(point.GetProperty("loss").GetDouble(), point.GetProperty("loss_parts").EnumerateObject().Sum(part => part.Value.GetDouble()), 1e-9);
            Assert.Contains("its part contrastive", File.ReadAllText(Path.Combine(model + ".report", "report.html")), StringComparison.Ordinal);
            Assert.Contains(trained.RootElement.GetProperty("tables").EnumerateArray(), table => table.GetRawText().Contains("chance", StringComparison.Ordinal));
        }

        var generated = Path.Combine(rig.Folder, "generated.jsonl");
        Expect(0, "generate", model, folder, "--from", "1", "--windows", "2", "-o", generated);
        Assert.Equal(2, File.ReadAllLines(generated).Length);
        var (data, frames) = (RigFixture.FreePort(), RigFixture.FreePort());
        var config = rig.Config(data, RigFixture.FreePort(), model: model);
        File.AppendAllText(config, FormattableString.Invariant($"\nframes: {{ host: 127.0.0.1, port: {frames} }}\n"));
        using var run = Rtdecode.Start("run", config, "--seconds", (endS + 5).ToString(CultureInfo.InvariantCulture), "--record", "--json");
        run.WaitFor("OFFLINE");
        Expect(0, "replay", folder, "--from", "0", "--to", endS.ToString(CultureInfo.InvariantCulture), "--data-port", data.ToString(CultureInfo.InvariantCulture),
            "--frames-port", frames.ToString(CultureInfo.InvariantCulture), "--wait-subscribers", "1");
        Assert.True(run.WaitForExit() == 0, run.Errors);
        using var json = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(20 * endS, json.RootElement.GetProperty("frames").GetProperty("taken").GetInt64());
        Assert.Equal(0, json.RootElement.GetProperty("allocated_bytes_per_tick").GetDouble());
        var recording = json.RootElement.GetProperty("recording");
        Assert.Equal(20 * endS, recording.GetProperty("frames").GetInt64() + recording.GetProperty("outside_frames").GetInt64());
        Assert.Equal(0, recording.GetProperty("lost_frames").GetInt64());

        var offline = Offline(SessionReader.Read(folder), model, endS);
        var live = File.ReadAllLines(Path.Combine(rig.LastRun(), "predictions.csv")).Skip(1).Select(line => line.Split(',')).ToDictionary(line => long.Parse(line[4], CultureInfo.InvariantCulture));
        var recordedFolder = Path.Combine(rig.LastRun(), "session");
        var late = LateFrames(recordedFolder);
        var compared = 0;
        foreach (var (dataNs, _, status, value) in offline)
        {
            if (!live.TryGetValue(dataNs, out var line)) continue;
            if (line[2] == "held" || IsClosedByBound(line) || late.Any(frame => frame.Shown < long.Parse(line[5], CultureInfo.InvariantCulture) && long.Parse(line[5], CultureInfo.InvariantCulture) <= frame.Arrived))
            {
                // Held where frames were missing, in both; else the machine was too slow, so that spikes or frames came after their tick.
                continue;
            }

            Assert.Contains(status, (AnswerStatus[])[AnswerStatus.Fresh, AnswerStatus.Late]);
            Assert.Equal(value, float.Parse(line[^1], CultureInfo.InvariantCulture));
            compared++;
        }

        // A slow machine holds ticks or closes them by the bound; the others must agree.
        Assert.InRange(compared, 20, 80);
        Assert.Equal("held", live[50_000_000][2]);
        CompareRecording(recordedFolder, model, live.Values);
    }

    /// <summary>Frames of a recording that came after a tick that they were shown for had been answered, in samples of the rig.</summary>
    private static List<(long Shown, long Arrived)> LateFrames(string folder)
    {
        var (frames, first) = (SessionReader.Read(folder).Frames!, FirstSample(folder));
        return [.. frames.Samples.Zip(frames.Arrivals, (shown, arrived) => (shown + first, arrived + first)).Where(frame => frame.Item2 > frame.Item1)];
    }

    private static long FirstSample(string folder)
    {
        using var meta = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "meta.json")));
        return meta.RootElement.GetProperty("recording").GetProperty("first_sample").GetInt64();
    }

    private static bool IsClosedByBound(string[] line) => (int.Parse(line[3], CultureInfo.InvariantCulture) & (int)AnswerFlags.ClosedByBound) != 0;

    /// <summary>Every tick that the run answered with all of its spikes has the same answer from its own recording, to the bit, whenever its frames came.</summary>
    private static void CompareRecording(string folder, string model, IEnumerable<string[]> live)
    {
        var recorded = SessionReader.Read(folder);
        Assert.True(recorded.Frames is { AreBytes: true });
        var first = FirstSample(folder);
        var again = Offline(recorded, model, recorded.DurationSeconds + 1 / recorded.SampleRateHz).ToDictionary(answer => answer.Sample + first);
        var answered = live.Where(line => line[2] is "fresh" or "late" && !IsClosedByBound(line)).ToArray();
        Assert.InRange(answered.Length, 20, 80);
        foreach (var line in answered)
        {
            var answer = again[long.Parse(line[5], CultureInfo.InvariantCulture)];
            Assert.Equal((AnswerStatus.Fresh, float.Parse(line[^1], CultureInfo.InvariantCulture)), (answer.Status == AnswerStatus.Late ? AnswerStatus.Fresh : answer.Status, answer.Value));
        }
    }

    [Fact]
    public void What_a_model_with_frames_cannot_read_is_said()
    {
        var model = Path.Combine(rig.Folder, "tiny-frames-said.rtmodel");
        var session = SessionReader.Read(rig.Session);
        TinyModels.Write("frames", session, model);
        Assert.Contains("holds none", Expect(4, "evaluate", rig.Session, "--model", model), StringComparison.Ordinal);
        Assert.Contains("holds none", Expect(4, "generate", model, rig.Session, "--from", "1", "-o", Path.Combine(rig.Folder, "none.csv")), StringComparison.Ordinal);
        Assert.Contains("holds no video frames", Expect(2, "replay", rig.Session, "--frames-port", "0", "--data-port", "0"), StringComparison.Ordinal);

        var small = Path.Combine(rig.Folder, "small frames");
        SessionWriter.Write(session with { Frames = new SessionFrames([0, 1500], new FrameShape(2, 2), new byte[8]) }, small, overwrite: true);
        Assert.Contains("2 x 2", Expect(4, "evaluate", small, "--model", model), StringComparison.Ordinal);
        Assert.Contains("speed above 0", Expect(2, "replay", small, "--frames-port", "0", "--data-port", "0", "--speed", "0"), StringComparison.Ordinal);
    }

    private static string Expect(int code, params string[] arguments)
    {
        var (actual, output, errors) = Rtdecode.Run(arguments);
        Assert.True(actual == code, $"rtdecode {string.Join(" ", arguments)} ended with {actual}: {output}{errors}");
        return output + errors;
    }

    private static List<(long DataNs, long Sample, AnswerStatus Status, float Value)> Offline(Session session, string model, double endS)
    {
        using var file = ModelFile.Read(model);
        const long hopNs = 50_000_000;
        using var decoder = new NeuroformerDecoder(file, new DecoderOptions { HopNs = hopNs });
        var sink = new Sink();
        OfflineDecoding.Run(session, new TimeRange(0, endS), decoder, hopNs, [.. Enumerable.Range(0, session.Units.Count)], sink, MonotonicClock.Instance);
        return sink.Answers;
    }

    private sealed class Sink : IAnswerSink
    {
        public List<(long DataNs, long Sample, AnswerStatus Status, float Value)> Answers { get; } = [];

        public void Publish(in TickAnswer answer, ReadOnlySpan<float> values) => Answers.Add((answer.DataNs, answer.Sample, answer.Status, values[0]));
    }
}
