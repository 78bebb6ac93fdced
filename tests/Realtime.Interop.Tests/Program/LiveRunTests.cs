using System.Globalization;
using System.Text.Json;

namespace Realtime.Interop.Tests.Program;

/// <summary>Whole runs of the program: replay process, sockets, decode thread, run folder.</summary>
[Collection(RigCollection.Name)]
public sealed class LiveRunTests(RigFixture rig)
{
    [Fact]
    public void The_demo_answers_every_tick_once_books_every_spike_and_scores_as_evaluate_does_to_the_bit()
    {
        var folder = Path.Combine(rig.Folder, "demo");
        var (code, output, errors) = Rtdecode.Run("demo", "--model", "wiener", "--seconds", "4", "--seed", "3", "--folder", folder, "--json");
        Assert.True(code == 0, errors);
        using var live = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        var report = live.RootElement;
        Assert.Equal(40, report.GetProperty("ticks").GetInt64());
        Assert.Equal(0, report.GetProperty("answers").GetProperty("no_data").GetInt64());
        AssertBooksBalance(report);
        Assert.Equal(0, report.GetProperty("gc_collections").GetInt64());
        Assert.Equal(0, report.GetProperty("allocated_bytes_per_tick").GetDouble());
        Assert.Equal(40, report.GetProperty("latency_us").GetProperty("total").GetProperty("count").GetInt64());
        foreach (var percentile in new[] { "p50", "p99", "p999", "max" })
            Assert.True(report.GetProperty("latency_us").GetProperty("total").GetProperty(percentile).GetDouble() > 0);
        Assert.Equal("wiener", report.GetProperty("model").GetProperty("name").GetString());
        Assert.True(report.GetProperty("baseline_scores").EnumerateObject().Any());
        var run = report.GetProperty("run_folder").GetString()!;
        foreach (var file in new[] { "report.html", "report.json", "predictions.csv", "rig-config.yaml", "log.txt" })
            Assert.True(new FileInfo(Path.Combine(run, file)).Length > 0, file);
        Assert.Equal(41, File.ReadAllLines(Path.Combine(run, "predictions.csv")).Length);

        var session = Path.Combine(folder, "demo", "session");
        var (evaluated, offline, problems) = Rtdecode.Run(
            "evaluate", session, "--model", Path.Combine(folder, "demo", "wiener.rtmodel"), "--from", "240", "--to", "244", "--json");
        Assert.True(evaluated == 0, problems);
        using var reference = JsonDocument.Parse(offline.TrimEnd().Split('\n')[^1]);
        Assert.Equal(reference.RootElement.GetProperty("scores").GetRawText(), report.GetProperty("scores").GetRawText());
        Assert.Equal(31, report.GetProperty("scores").GetProperty("all").GetProperty("pairs").GetDouble());
    }

    [NeedsPythonFact("zmq", "msgpack")]
    public void A_libzmq_subscriber_gets_each_tick_once_and_in_order()
    {
        var (data, predictions) = (RigFixture.FreePort(), RigFixture.FreePort());
        using var run = Rtdecode.Start("run", rig.Config(data, predictions), "--seconds", "60");
        run.WaitFor("OFFLINE");
        using var subscriber = PythonPeer.Start("Program/collect_predictions.py", $"tcp://127.0.0.1:{predictions}", "60");
        Assert.Equal("subscribed", subscriber.ReadLine());
        Thread.Sleep(500);
        using var replay = Rtdecode.Start("replay", rig.Session, "--part", "test", "--data-port", Text(data), "--wait-subscribers", "1");
        var lines = Enumerable.Range(0, 60).Select(_ => subscriber.ReadLine().Split(' ')).ToArray();
        Assert.Equal(Enumerable.Range(0, 60).Select(Text), lines.Select(line => line[0]));
        Assert.All(lines, line => Assert.Equal(["2", "prediction"], new[] { line[2], line[4] }));
        Assert.All(lines, line => Assert.Equal(64, line[3].Length));
        Assert.Contains(lines, line => line[1] == "fresh");
    }

    [Fact]
    public void A_source_that_is_killed_and_started_again_is_a_restart_and_the_run_goes_on()
    {
        var (data, predictions) = (RigFixture.FreePort(), RigFixture.FreePort());
        using var run = Rtdecode.Start("run", rig.Config(data, predictions), "--seconds", "14", "--json");
        for (var round = 0; round < 2; round++)
        {
            using var replay = Rtdecode.Start("replay", rig.Session, "--part", "test", "--data-port", Text(data), "--wait-subscribers", "1");
            replay.WaitFor("Replaying");
            Thread.Sleep(4000);
        }

        Assert.True(run.WaitForExit() == 0, run.Errors);
        using var json = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]);
        var stream = json.RootElement.GetProperty("streams")[0];
        Assert.Equal(1, stream.GetProperty("restarts").GetInt64());
        Assert.Equal(2, stream.GetProperty("connections").GetInt64());
        AssertBooksBalance(json.RootElement);
        var epochs = Predictions(rig.LastRun()).Select(line => line[1]).Distinct();
        Assert.Equal(["0", "1"], epochs);
        Assert.Contains("no_data", Predictions(rig.LastRun()).Select(line => line[2]));
        AssertTicksRunOn(rig.LastRun());
    }

    [Fact]
    public void A_flood_loses_nothing_unnoticed()
    {
        var (data, predictions) = (RigFixture.FreePort(), RigFixture.FreePort());
        var config = rig.Config(data, predictions, source: "replay_speed: 0");
        using var run = Rtdecode.Start("run", config, "--seconds", "12", "--json");
        run.WaitFor("OFFLINE");
        var (code, _, errors) = Rtdecode.Run("replay", rig.Session, "--speed", "0", "--data-port", Text(data), "--wait-subscribers", "1");
        Assert.True(code == 0, errors);
        Assert.True(run.WaitForExit() == 0, run.Errors);
        using var json = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]);
        AssertBooksBalance(json.RootElement);
        Assert.Equal(0, json.RootElement.GetProperty("streams")[0].GetProperty("lost_upstream_messages").GetInt64());
        Assert.Equal(0, json.RootElement.GetProperty("spikes").GetProperty("dropped").GetProperty("ring_full").GetInt64());
        Assert.Equal(3600, json.RootElement.GetProperty("ticks").GetInt64());
        AssertTicksRunOn(rig.LastRun());
    }

    [NeedsUnixTheory]
    [InlineData("INT", 10, "interrupted")]
    [InlineData("TERM", 11, "terminated")]
    public void A_signal_leaves_complete_files_and_an_exit_code_of_its_own(string signal, int code, string reason)
    {
        var data = RigFixture.FreePort();
        using var replay = Rtdecode.Start("replay", rig.Session, "--data-port", Text(data), "--wait-subscribers", "1");
        using var run = Rtdecode.Start("run", rig.Config(data, RigFixture.FreePort()));
        run.WaitFor("LIVE");
        Thread.Sleep(1500);
        run.Signal(signal);
        Assert.Equal(code, run.WaitForExit());
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(rig.LastRun(), "report.json")));
        Assert.Equal(reason, json.RootElement.GetProperty("end_reason").GetString());
        AssertBooksBalance(json.RootElement);
        Assert.Equal(json.RootElement.GetProperty("ticks").GetInt64(), Predictions(rig.LastRun()).Count);
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(rig.LastRun(), "report.html")));
        Assert.Contains("report.html", run.Errors);
    }

    [NeedsUnixFact]
    public void A_killed_run_keeps_the_answers_written_until_then_in_whole_lines()
    {
        var data = RigFixture.FreePort();
        using var replay = Rtdecode.Start("replay", rig.Session, "--data-port", Text(data), "--wait-subscribers", "1");
        using var run = Rtdecode.Start("run", rig.Config(data, RigFixture.FreePort()));
        run.WaitFor("LIVE");
        Thread.Sleep(4000);
        run.Signal("KILL");
        run.WaitForExit();
        Assert.InRange(Predictions(rig.LastRun()).Count, 20, 400);
        AssertTicksRunOn(rig.LastRun());
    }

    private static void AssertBooksBalance(JsonElement report)
    {
        var spikes = report.GetProperty("spikes");
        var dropped = spikes.GetProperty("dropped").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        Assert.True(spikes.GetProperty("received").GetInt64() > 0);
        Assert.Equal(spikes.GetProperty("received").GetInt64(), spikes.GetProperty("decoded").GetInt64() + dropped);
    }

    private static void AssertTicksRunOn(string run)
    {
        var ticks = Predictions(run).Select(line => long.Parse(line[0], CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(Enumerable.Range(0, ticks.Length).Select(tick => (long)tick), ticks);
        Assert.All(Predictions(run), line => Assert.Equal(15, line.Length));
    }

    private static List<string[]> Predictions(string run) =>
        File.ReadAllLines(Path.Combine(run, "predictions.csv")).Skip(1).Select(line => line.Split(',')).ToList();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
