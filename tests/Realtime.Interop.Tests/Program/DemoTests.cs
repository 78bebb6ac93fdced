using System.Text.Json;
using Realtime.Models;

namespace Realtime.Interop.Tests.Program;

/// <summary>The demo with bundled weights, and what it says where there are none.</summary>
[Collection(RigCollection.Name)]
public sealed class DemoTests(RigFixture rig)
{
    [Theory]
    [InlineData("possm")]
    [InlineData("poyo")]
    public void Bundled_weights_are_calibrated_judged_and_compared_on_the_ticks_that_were_decoded(string kind)
    {
        var folder = Path.Combine(rig.Folder, $"bundled {kind}");
        string[] model = kind == "possm" ? [] : ["--model", kind];
        var (code, output, errors) = Rtdecode.Run(["demo", .. model, "--calibration-minutes", "0.5", "--seconds", "5", "--folder", folder, "--json"]);
        Assert.True(code == 0, errors);
        Assert.Contains($"Calibrating the bundled {kind} to 40 units", errors);
        Assert.Contains("Fit for live use", errors);
        using var live = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        var report = live.RootElement;
        Assert.Equal(kind, report.GetProperty("model").GetProperty("name").GetString());
        Assert.Equal("trained", report.GetProperty("model").GetProperty("weights").GetString());
        Assert.Equal("fit", report.GetProperty("model").GetProperty("fitness").GetString());
        Assert.Equal(0, report.GetProperty("gc_collections").GetInt64());
        Assert.Equal(0, report.GetProperty("allocated_bytes_per_tick").GetDouble());

        var demo = Path.Combine(folder, "demo");
        var calibrated = Path.Combine(demo, $"{kind}-calibrated.rtmodel");
        using var file = ModelFile.Read(calibrated);
        Assert.Equal(0.5, file.Config.Training.Fitness!.Minutes, 6);
        Assert.Equal("wiener", file.Config.Training.Fitness.Baseline);

        // A machine that others keep busy may hold a tick, which is then not scored.
        var held = report.GetProperty("answers").GetProperty("held").GetInt64();
        if (held == 0) Assert.Equal(Scores(Evaluated(demo, calibrated)).GetRawText(), Scores(report).GetRawText());

        // The baseline on as many ticks, although it reads further back than POSSM.
        var comparison = report.GetProperty("comparison");
        Assert.Equal("wiener", comparison.GetProperty("decoder").GetString());
        Assert.Equal("fitted on the same 0.5 min, decoded offline", comparison.GetProperty("how").GetString());
        Assert.InRange(Pairs(comparison) - Pairs(report), 0, held);
        using var wiener = ModelFile.Read(Path.Combine(demo, "wiener.rtmodel"));
        Assert.Equal([0, 30], wiener.Config.Training.Train[0]);
        Assert.True(MeanR2(report) > MeanR2(comparison), Scores(comparison).GetRawText());
        var page = File.ReadAllText(Path.Combine(report.GetProperty("run_folder").GetString()!, "report.html"));
        Assert.Contains("of wiener, fitted on the same 0.5 min, decoded offline.", page);
        Assert.Contains("<td class=\"word\">wiener</td>", page);
    }

    [Fact]
    public void Where_no_weights_are_bundled_it_says_so_and_fits_a_linear_decoder()
    {
        var (code, output, errors) = Rtdecode.Run("demo", "--session", rig.Session, "--seconds", "2", "--folder", Path.Combine(rig.Folder, "own"), "--json");
        Assert.True(code == 0, errors);
        Assert.Contains("no bundled weights for this session", errors);
        using var json = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        Assert.Equal("wiener", json.RootElement.GetProperty("model").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("comparison").ValueKind);
    }

    [Theory]
    [InlineData("no bundled weights of a possm", "--kind", "reach", "--model", "possm")]
    [InlineData("--random-weights", "--random-weights")]
    [InlineData("--random-weights", "--random-weights", "--model", "wiener")]
    [InlineData("--calibration-minutes", "--calibration-minutes", "1", "--model", "wiener")]
    [InlineData("--calibration-minutes", "--calibration-minutes", "0")]
    [InlineData("--lags", "--lags", "5")]
    [InlineData("--outputs", "--outputs", "head_direction")]
    public void Wishes_that_contradict_each_other_are_told_before_any_work(string text, params string[] arguments)
    {
        var never = Path.Combine(rig.Folder, "never made");
        var (code, _, errors) = Rtdecode.Run(["demo", "--folder", never, .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(text, errors);
        Assert.False(Directory.Exists(never));
    }

    [Theory]
    [InlineData("--seed", "101", "trained on")]
    [InlineData("--hop-ms", "25", "50 ms")]
    [InlineData("--calibration-minutes", "9", "3 min")]
    public void What_the_bundled_weights_cannot_take_is_told_before_they_are_calibrated(string option, string value, string text)
    {
        var (code, _, errors) = Rtdecode.Run("demo", option, value, "--folder", Path.Combine(rig.Folder, "refused"));
        Assert.Equal(option == "--calibration-minutes" ? 4 : 2, code);
        Assert.Contains(text, errors);
        Assert.DoesNotContain("   at ", errors);
    }

    private static JsonElement Evaluated(string demo, string model)
    {
        var (code, output, errors) = Rtdecode.Run("evaluate", Path.Combine(demo, "session"), "--model", model, "--from", "240", "--to", "245", "--json");
        Assert.True(code == 0, errors);
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
    }

    private static JsonElement Scores(JsonElement report) => report.GetProperty("scores");

    private static double Pairs(JsonElement scored) => Scores(scored).GetProperty("all").GetProperty("pairs").GetDouble();

    private static double MeanR2(JsonElement scored) => Scores(scored).GetProperty("all").GetProperty("mean_r2").GetDouble();
}
