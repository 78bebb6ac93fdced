using System.Globalization;
using System.Text;

namespace Realtime.Host.Reports;

/// <summary>
/// The page that a person reads: one file that needs nothing else, no script and no network. Bounded in size by thinning every
/// series, so that an hour's run is no larger than a minute's.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the page whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(RunReport report, ReportSeries series, string path) =>
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Render(report, series))));

    /// <summary>The page's text.</summary>
    public static string Render(RunReport report, ReportSeries series)
    {
        var verdict = RunVerdict.Of(report);
        var page = new StringBuilder(1 << 18);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");

        // NB: names in the page come from files; even if an escape were forgotten, no script may run and nothing may be fetched.
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
        page.Append(CultureInfo.InvariantCulture, $"<title>{verdict.Headline}: {ReportText.Escape(report.RunId, 120)}</title>");
        page.Append("<style>").Append(PageStyle.Css).Append("</style></head><body><main>");
        WriteVerdict(page, report, verdict);
        DetailsSection.WriteMessages(page, report);
        OutputsSection.Write(page, report, series);
        DetailsSection.WriteScores(page, report);
        CourseSection.Write(page, report, series);
        LatencySection.Write(page, report, series);
        LedgerSection.Write(page, report);
        DetailsSection.WriteSetting(page, report, series);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void WriteVerdict(StringBuilder page, RunReport report, RunVerdict verdict)
    {
        var model = report.Model.Name.Length > 0 ? $" · model {ReportText.Escape(ReportText.Model(report.Model), 60)}" : "";
        page.Append(CultureInfo.InvariantCulture,
            $"<header class=\"{Style(verdict.Level)}\"><p class=\"run\">{ReportText.Escape(report.RunId, 120)} ·"
                + $" {ReportText.Duration(report.DurationS)}{model}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<h1><span class=\"sign\">{Sign(verdict.Level)}</span> {verdict.Headline}</h1><div"
            + $" class=\"tiles\">");
        var accounted = report.Spikes.Received == report.Spikes.Decoded + report.Spikes.Dropped.Values.Sum();
        Tile(page, ReportText.Percent(report.Answers.Fresh, report.Ticks), $"of {ReportText.Count(report.Ticks)} ticks answered on time");
        Tile(page, accounted ? ReportText.Count(report.Spikes.Received) : "✗", accounted ? "spikes, every one accounted for"
            : "spikes without account");
        if (report.LatencyUs.Total is { Count: > 0 } total)
            Tile(page, ReportText.Time(total.P99), report.DeadlineMs > 0 ? $"p99 latency; deadline"
                + $" {ReportText.Time(report.DeadlineMs * 1e3)}" : "p99 latency");
        if (!report.Model.HasRandomWeights && MeanScore.R2(report.Scores) is { } r2)
        {
            var scored = report.Scores.Values.Count(metrics => metrics.ContainsKey("r2"));
            var beside = report.Comparison is { } comparison && MeanScore.R2(comparison.Scores) is { } compared
                ? $"; {ReportText.Escape(comparison.Decoder, 60)} {ReportText.Three(compared)}, {ReportText.Escape(comparison.How, 120)}"
                : MeanScore.R2(report.BaselineScores) is { } baseline ? $"; baseline {ReportText.Three(baseline)}" : "";
            Tile(page, ReportText.Three(r2), (scored == 1 ? "R²" : $"mean R² of {scored} outputs") + beside);
        }

        page.Append("</div><ul class=\"verdict\">");
        foreach (var line in verdict.Lines)
            page.Append(CultureInfo.InvariantCulture, $"<li class=\"{Style(line.Level)}\"><span"
                + $" class=\"sign\">{Sign(line.Level)}</span>{ReportText.Escape(line.Text)}</li>");
        page.Append("</ul></header>");
    }

    private static void Tile(StringBuilder page, string figure, string caption) =>
        page.Append(CultureInfo.InvariantCulture, $"<div><b>{figure}</b><span>{caption}</span></div>");

    private static string Style(VerdictLevel level) => level switch
    {
        VerdictLevel.Good => "good",
        VerdictLevel.LookCloser => "warn",
        _ =>
        "bad"
    };

    /// <summary>Signs differ in shape as well as colour, for print and for eyes that tell red and green apart poorly.</summary>
    private static string Sign(VerdictLevel level) => level switch { VerdictLevel.Good => "✓", VerdictLevel.LookCloser => "▲", _ => "✗" };
}
