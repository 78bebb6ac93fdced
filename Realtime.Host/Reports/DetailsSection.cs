using System.Globalization;
using System.Text;

namespace Realtime.Host.Reports;

/// <summary>What the figures were measured with: scores in full, model, machine, settings, the config as it was.</summary>
internal static class DetailsSection
{
    /// <summary>Longer configs are cut on the page, so that it stays small; the run folder has them whole.</summary>
    private const int MaxConfigCharacters = 200_000;

    public static void WriteMessages(StringBuilder page, RunReport report)
    {
        if (report.Warnings.Count > 0) List(page, "Warnings", "warnings", report.Warnings);
        if (report.Notes.Count > 0) List(page, "Notes", "notes", report.Notes);
    }

    public static void WriteScores(StringBuilder page, RunReport report)
    {
        if (report.Scores.Count == 0) return;
        var metrics = report.Scores.Values.Concat(report.BaselineScores.Values).Concat(report.Comparison?.Scores.Values ?? []).SelectMany(scores => scores.Keys).Distinct().ToArray();
        page.Append("<section><h2>Scores</h2><div class=\"scroll\"><table><thead><tr><th>output</th><th class=\"word\">decoder</th>");
        foreach (var metric in metrics) page.Append(CultureInfo.InvariantCulture, $"<th>{ReportText.Escape(Metric(metric), 40)}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var (output, scores) in report.Scores)
        {
            ScoreRow(page, metrics, output, "model", scores);
            if (report.Comparison is { } comparison && comparison.Scores.TryGetValue(output, out var compared)) ScoreRow(page, metrics, output, comparison.Decoder, compared);
            if (report.BaselineScores.TryGetValue(output, out var baseline)) ScoreRow(page, metrics, output, "baseline", baseline);
        }

        if (report.Model.HasRandomWeights) page.Append("</tbody></table></div><p class=\"note\"><strong>The model's weights are random: these figures mean nothing.</strong></p></section>");
        else
        {
            page.Append("</tbody></table></div><p class=\"note\">Causal: each answer was made from spikes that had come by then.");
            if (report.Comparison is { } comparison)
                page.Append(CultureInfo.InvariantCulture, $" {ReportText.Escape(comparison.Decoder, 60)}: {ReportText.Escape(comparison.How, 120)}, on the same ticks.");
            page.Append("</p></section>");
        }
    }

    public static void WriteSetting(StringBuilder page, RunReport report, ReportSeries series)
    {
        var machine = report.Machine;
        page.Append("<section><h2>Measured with</h2><div class=\"pair top\"><dl>");
        Fact(page, "Run", report.RunId);
        Fact(page, "Folder", report.RunFolder);
        Fact(page, "Started", Utc(report.StartedUtc));
        Fact(page, "Ended", $"{Utc(report.EndedUtc)} ({ReportText.Words(report.EndReason)})");
        Fact(page, "Config", report.ConfigFile);
        Fact(page, "Model", $"{ReportText.Model(report.Model)}, {report.Model.File}");
        Fact(page, "Model SHA-256", report.Model.Hash);
        Fact(page, "Program", $"rtdecode {report.ProgramVersion}");
        page.Append("</dl><dl>");
        Fact(page, "Processor", $"{machine.Cpu}, {machine.Cores} logical cores");
        Fact(page, "Memory", $"{ReportText.Three(machine.MemoryBytes / 1e9)} GB");
        Fact(page, "System", machine.Os);
        Fact(page, ".NET", machine.Dotnet);
        Fact(page, "Timer", machine.Timer);
        Fact(page, "Collections", ReportText.Count(report.GcCollections));
        Fact(page, "Allocated", $"{ReportText.Three(report.AllocatedBytesPerTick)} bytes per tick");
        foreach (var (name, value) in report.Settings) Fact(page, ReportText.Words(name), value);
        page.Append("</dl></div>");
        if (series.ConfigText.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<details><summary>The config as it"
                    + $" was</summary><pre>{ReportText.Escape(series.ConfigText, MaxConfigCharacters)}</pre></details>");
        }

        page.Append("</section>");
    }

    private static void List(StringBuilder page, string title, string style, IReadOnlyList<string> items)
    {
        const int most = 100;
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"{style}\"><h2>{title}</h2><ul>");
        foreach (var item in items.Take(most)) page.Append(CultureInfo.InvariantCulture, $"<li>{ReportText.Escape(item)}</li>");
        if (items.Count > most) page.Append(CultureInfo.InvariantCulture, $"<li>and {items.Count - most} more in report.json</li>");
        page.Append("</ul></section>");
    }

    private static void ScoreRow(StringBuilder page, string[] metrics, string output, string decoder, IReadOnlyDictionary<string,
        double> scores)
    {
        page.Append(CultureInfo.InvariantCulture, $"<tr><th>{ReportText.Escape(output, 80)}</th><td class=\"word\">{ReportText.Escape(decoder, 60)}</td>");
        foreach (var metric in metrics)
        {
            var text = !scores.TryGetValue(metric, out var value) ? "–"
                : metric == "count" ? ReportText.Count((long)value) : ReportText.Three(value);
            page.Append(CultureInfo.InvariantCulture, $"<td>{text}</td>");
        }

        page.Append("</tr>");
    }

    private static void Fact(StringBuilder page, string name, string value) =>
        page.Append(CultureInfo.InvariantCulture, $"<dt>{ReportText.Escape(name, 60)}</dt><dd>{ReportText.Escape(value, 400)}</dd>");

    private static string Metric(string name) => name switch { "r2" => "R²", "rmse" => "RMSE", var other => ReportText.Words(other) };

    private static string Utc(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
