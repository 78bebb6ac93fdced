using System.Text.Json;
using System.Text.RegularExpressions;
using Realtime.Engine.Ledger;
using Realtime.Host.Reports;
using Realtime.Tests;

namespace Realtime.Host.Tests.Reports;

public sealed class ReportJsonTests
{
    [Fact]
    public void Report_comes_back_as_it_was()
    {
        var (report, _) = SampleRun.Troubled(200);
        var line = ReportJson.Serialize(report);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(line, ReportJson.Serialize(ReportJson.Parse(line)));
    }

    [Fact]
    public void Fields_are_in_snake_case_and_stand_where_the_contract_says()
    {
        var root = JsonDocument.Parse(ReportJson.Serialize(SampleRun.Troubled(200).Report)).RootElement;
        Assert.Equal(1, root.GetProperty("schema_version").GetInt32());
        Assert.Equal(200, root.GetProperty("ticks").GetInt64());
        Assert.True(root.GetProperty("answers").GetProperty("no_data").GetInt64() > 0);
        Assert.Equal(1200, root.GetProperty("spikes").GetProperty("dropped").GetProperty("ring_full").GetInt64());
        Assert.True(root.GetProperty("latency_us").GetProperty("arrival_to_ring").GetProperty("p9999").GetDouble() > 0);
        Assert.Equal(0.71, root.GetProperty("scores").GetProperty("hand_x").GetProperty("r2").GetDouble());
        Assert.Equal("probe-a", root.GetProperty("streams")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Figures_that_are_not_finite_become_null_and_come_back()
    {
        var report = SampleRun.Empty() with { AllocatedBytesPerTick = double.NaN, HopMs = double.PositiveInfinity };
        var line = ReportJson.Serialize(report);
        Assert.Contains("\"allocated_bytes_per_tick\":null", line);
        Assert.Contains("\"hop_ms\":null", line);
        Assert.True(double.IsNaN(ReportJson.Parse(line).AllocatedBytesPerTick));
    }

    [Fact]
    public void Report_of_another_schema_version_is_refused()
    {
        var line = ReportJson.Serialize(SampleRun.Empty()).Replace("\"schema_version\":1", "\"schema_version\":2");
        Assert.Contains("schema_version 2", Assert.Throws<JsonException>(() => ReportJson.Parse(line)).Message);
    }

    [Fact]
    public void File_is_indented_and_readable()
    {
        var folder = Directory.CreateTempSubdirectory("report ").FullName;
        try
        {
            var path = Path.Combine(folder, "report.json");
            ReportJson.Write(SampleRun.Empty() with { RunId = "Maus α" }, path);
            var text = File.ReadAllText(path);
            Assert.Contains("\n  \"run_id\": \"Maus α\"", text);
            Assert.Equal("Maus α", ReportJson.Parse(text).RunId);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Stream_report_carries_every_count_of_the_ledger()
    {
        var ledger = new StreamLedger("probe-a");
        for (var spike = 0; spike < 10; spike++) ledger.CountReceived();
        ledger.DropOnReceive(DropReason.RingFull);
        ledger.DropOnDecode(DropReason.TooLate, 2);
        ledger.CountDecoded(6);
        ledger.CountLate();
        ledger.CountLostUpstream(3);
        ledger.CountRestart();
        var stream = StreamReport.From(ledger);
        Assert.Equal(Enum.GetValues<DropReason>().Length, stream.Dropped.Count);
        Assert.Equal((10, 6, 1, 3, 1, 1), (stream.Received, stream.Decoded, stream.Late, stream.LostUpstreamMessages, stream.Restarts,
            stream.InFlight));
        Assert.Equal((1, 2), (stream.Dropped["ring_full"], stream.Dropped["too_late"]));
        var sum = SpikesReport.Sum([stream, stream]);
        Assert.Equal((20, 12, 4, 2), (sum.Received, sum.Decoded, sum.Dropped["too_late"], sum.InFlight));
    }

    [Fact]
    public void Every_field_is_documented()
    {
        var documented = Regex.Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "report.md")), "^\\| `([^`]+)`",
            RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value).ToHashSet();
        var fields = new SortedSet<string>();
        Collect(JsonDocument.Parse(ReportJson.Serialize(SampleRun.Troubled(200).Report)).RootElement, "", fields);
        Assert.Equal(fields.Order(), documented.Order());
    }

    /// <summary>Paths with [] for lists and {} for free names.</summary>
    private static void Collect(JsonElement element, string path, ISet<string> fields)
    {
        string[] free = ["scores", "scores.{}", "baseline_scores", "baseline_scores.{}", "comparison.scores", "comparison.scores.{}", "settings", "spikes.dropped", "streams[].dropped", "decoder_counts",
            "streams[].unknown_units"];
        string[] stages = ["arrival_to_ring", "ring_to_close", "decode", "send", "total"];
        if (path.Length > 0) fields.Add(path);
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0 && element[0].ValueKind == JsonValueKind.Object)
        {
            fields.Remove(path);
            Collect(element[0], path + "[]", fields);
        }

        if (element.ValueKind != JsonValueKind.Object) return;
        fields.Remove(path);
        foreach (var property in element.EnumerateObject())
        {
            var name = free.Contains(path) ? "{}" : path == "latency_us" && stages.Skip(1).Contains(property.Name) ? null : property.Name;
            if (name is null) fields.Add($"{path}.{property.Name}");
            else Collect(property.Value, path.Length == 0 ? name : $"{path}.{name}", fields);
        }
    }
}
