using System.Globalization;
using System.Text.Json.Nodes;
using Realtime.Host.Running;
using Realtime.Models;
using Realtime.Models.Calibration;
using Realtime.Models.Training.Evaluation;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary>What came of a calibration, for people and for programs.</summary>
internal static class CalibrationView
{
    public static void Show(IAnsiConsole screen, CalibrationResult result)
    {
        var table = new Table().Title("held out, causal").AddColumns("predictor", "pairs");
        foreach (var column in result.Scores.Columns) table.AddColumn(new TableColumn(Markup.Escape(column.Title)).RightAligned());
        foreach (var row in result.Scores.Rows)
            table.AddRow([Markup.Escape(row.Predictor), row.Pairs.ToString(CultureInfo.InvariantCulture), .. result.Scores.Columns.Select(column => Number(ScoreTable.Value(row, column)))]);
        screen.Write(table);
        screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Units.All} units, {result.Units.Kept} of them known to the model before; {result.Computed.TotalSeconds:0.0} s of computing."));
        var colour = result.Fitness.Verdict == FitnessVerdict.Fit ? "green" : result.Fitness.Verdict == FitnessVerdict.Forced ? "yellow" : "red";
        screen.MarkupLine($"[bold {colour}]{Markup.Escape(Verdict(result.Fitness))}[/]");
    }

    /// <summary>The judgement in plain words.</summary>
    public static string Verdict(LiveFitness fitness) => fitness.Verdict switch
    {
        FitnessVerdict.Fit => $"Fit for live use: {FitnessText.Scores(fitness)}.",
        FitnessVerdict.Forced => $"Marked for live use by force, against its scores: {FitnessText.Scores(fitness)}. Every run with it says so.",
        _ => $"Not fit for live use: {FitnessText.Scores(fitness)}. A run refuses it. Calibrate on more minutes, let the network thaw (--unfreeze-at), or use the linear decoder; --force marks it all the same.",
    };

    /// <summary>The path with the judgement in the file's name, where that speaks against the model.</summary>
    public static string MarkedPath(string path, FitnessVerdict verdict)
    {
        var mark = FitnessText.Mark(verdict);
        if (mark.Length == 0) return path;
        var name = Path.GetFileNameWithoutExtension(path);
        return name.EndsWith("-" + mark, StringComparison.Ordinal) ? path : Path.Combine(Path.GetDirectoryName(path) ?? "", $"{name}-{mark}{Path.GetExtension(path)}");
    }

    public static JsonObject ToJson(CalibrationResult result, string path, string hash) => new()
    {
        ["model"] = path,
        ["hash"] = hash,
        ["fitness"] = FitnessText.Word(result.Fitness.Verdict),
        ["verdict"] = Verdict(result.Fitness),
        ["mean_r2"] = result.Fitness.Score,
        ["baseline"] = result.Fitness.Baseline,
        ["baseline_mean_r2"] = result.Fitness.BaselineScore,
        ["minutes"] = result.Fitness.Minutes,
        ["held_out_s"] = result.Fitness.HeldOut.Sum(range => range[1] - range[0]),
        ["units"] = result.Units.All,
        ["units_known_before"] = result.Units.Kept,
        ["compute_s"] = Math.Round(result.Computed.TotalSeconds, 3),
        ["scores"] = result.Scores.ToJson(),
    };

    private static string Number(double? value) => value is { } number ? number.ToString(Math.Abs(number) < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture) : "–";
}
