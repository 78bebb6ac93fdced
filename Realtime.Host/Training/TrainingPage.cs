using System.Globalization;
using System.Text;
using System.Text.Json;
using Realtime.Host.Reports;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Training;

/// <summary>report.html of a training: curves, scores, recipe. One file that needs nothing else.</summary>
internal static class TrainingPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(TrainingOutcome training, ScoreTable? table, IReadOnlyList<MetricTable> tables, TrainingRun run, string path) =>
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Render(training, table, tables, run))));

    public static string Render(TrainingOutcome training, ScoreTable? table, IReadOnlyList<MetricTable> tables, TrainingRun run)
    {
        var page = new StringBuilder(1 << 16);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");

        // NB: names in the page come from files; even if an escape were forgotten, no script may run and nothing may be fetched.
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
        page.Append(CultureInfo.InvariantCulture, $"<title>Training of {ReportText.Escape(training.Kind, 60)}</title><style>{PageStyle.Css}</style></head><body><main>");
        WriteHead(page, training, run);
        WriteNotes(page, run);
        if (table is not null) WriteScores(page, table);
        foreach (var metrics in tables) WriteMetrics(page, metrics);
        WriteCurves(page, training);
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>Recipe</h2><pre>{ReportText.Escape(training.Recipe.ToJsonString(Indented), 20_000)}</pre></section>");
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void WriteHead(StringBuilder page, TrainingOutcome training, TrainingRun run)
    {
        var result = training.Result;
        var (style, sign, headline) = result.Stop switch
        {
            TrainerStop.Finished or TrainerStop.Patience => ("good", "✓", "Trained"),
            TrainerStop.Interrupted => ("warn", "▲", "Stopped before its end"),
            _ => ("bad", "✗", "Diverged"),
        };
        var sessions = string.Join(", ", training.Sessions.Select(session => session.Name));
        page.Append(CultureInfo.InvariantCulture, $"<header class=\"{style}\"><p class=\"run\">{ReportText.Escape(training.Kind, 60)} on {ReportText.Escape(sessions, 300)}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<h1><span class=\"sign\">{sign}</span> {headline}</h1><div class=\"tiles\">");
        Tile(ReportText.Score(result.BestScore), result.BestEpoch > 0 ? $"{ReportText.Escape(training.Score, 80)}, epoch {result.BestEpoch}" : $"{ReportText.Escape(training.Score, 80)}: not taken");
        Tile(ReportText.Count(result.Windows), ReportText.Escape(training.Samples, 80));
        Tile(ReportText.Duration(run.Seconds), double.IsFinite(run.WindowsPerSecond) ? $"{ReportText.Three(run.WindowsPerSecond)} samples/s on {run.Threads} threads" : "of training");
        Tile(ReportText.Count(training.Parameters), "numbers learned");
        page.Append(CultureInfo.InvariantCulture, $"</div><ul class=\"verdict\"><li class=\"{style}\"><span class=\"sign\">{sign}</span>{ReportText.Escape(result.Reason)}</li>");
        if (result.IsRefitted)
            page.Append(CultureInfo.InvariantCulture, $"<li class=\"{style}\"><span class=\"sign\">✓</span>Trained once more on training and validation intervals together, for as many steps; the validation score was taken before that.</li>");
        page.Append("</ul></header>");
        if (run.ModelHash.Length > 0) page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">Model {run.ModelHash}</p>");

        void Tile(string figure, string caption) => page.Append(CultureInfo.InvariantCulture, $"<div><b>{figure}</b><span>{caption}</span></div>");
    }

    private static void WriteNotes(StringBuilder page, TrainingRun run)
    {
        if (run.Notes.Count == 0) return;
        page.Append("<section class=\"warnings\"><h2>Notes</h2><ul>");
        foreach (var note in run.Notes.Take(100)) page.Append(CultureInfo.InvariantCulture, $"<li>{ReportText.Escape(note)}</li>");
        page.Append("</ul></section>");
    }

    private static void WriteScores(StringBuilder page, ScoreTable table)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>Scores on the {table.Interval} intervals</h2><p class=\"note\">Causal: the past only, as live. Offline (stitched): answers of overlapping windows averaged, which have seen the future; never to be compared with causal ones.</p><div class=\"scroll\"><table><thead><tr><th>session</th><th class=\"word\">predictor</th><th class=\"word\">timing</th><th>pairs</th>");
        foreach (var column in table.Columns) page.Append(CultureInfo.InvariantCulture, $"<th>{ReportText.Escape(column.Title, 80)}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var row in table.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th>{ReportText.Escape(row.Session, 120)}</th><td class=\"word\">{ReportText.Escape(row.Predictor, 60)}</td><td class=\"word\">{row.Timing.Text()}</td><td>{ReportText.Count(row.Pairs)}</td>");
            foreach (var column in table.Columns)
                page.Append(CultureInfo.InvariantCulture, $"<td>{(ScoreTable.Value(row, column) is { } value ? ReportText.Score(value) : "–")}</td>");
            page.Append("</tr>");
        }

        page.Append("</tbody></table></div></section>");
    }

    private static void WriteMetrics(StringBuilder page, MetricTable table)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>{ReportText.Escape(table.Title, 120)}</h2><p class=\"note\">{ReportText.Escape(table.Note)}</p><div class=\"scroll\"><table><thead><tr><th>predictor</th>");
        foreach (var (_, title) in table.Columns) page.Append(CultureInfo.InvariantCulture, $"<th>{ReportText.Escape(title, 80)}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var row in table.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th>{ReportText.Escape(row.Name, 120)}</th>");
            foreach (var (key, _) in table.Columns) page.Append(CultureInfo.InvariantCulture, $"<td>{(row.Value(key) is { } value ? ReportText.Score(value) : "–")}</td>");
            page.Append("</tr>");
        }

        page.Append("</tbody></table></div></section>");
    }

    private static void WriteCurves(StringBuilder page, TrainingOutcome training)
    {
        var result = training.Result;
        if (result.Curve.Count == 0) return;
        page.Append("<section><h2>Course</h2><div class=\"pair\">");
        var fit = result.Curve.Where(point => point.Phase == TrainerPhase.Fit).ToArray();
        var refit = result.Curve.Where(point => point.Phase == TrainerPhase.Refit).ToArray();
        Figure("Loss (dropout included)", "loss, normalised units", point => point.Loss);
        foreach (var part in result.Curve.SelectMany(point => point.LossParts).Where(part => part.Value != 0).Select(part => part.Key).Distinct().ToArray())
            Figure($"Loss: its part {part}, weighted", "loss", point => point.LossParts.GetValueOrDefault(part, double.NaN));
        Figure(Sentence(training.Score), "score", point => point.Score);
        Figure("Learning rate", "learning rate", point => point.LearningRate);
        Figure("Gradient before clipping", "mean norm", point => point.GradientNorm);
        page.Append("</div>");
        if (refit.Length > 0) page.Append("<p class=\"key\"><span class=\"swatch decoded\"></span>fit <span class=\"swatch error\"></span>refit</p>");
        page.Append("</section>");

        void Figure(string title, string label, Func<CurvePoint, double> value)
        {
            var values = result.Curve.Select(value).Where(double.IsFinite).ToArray();
            if (values.Length == 0) return;
            var plot = new SvgPlot(title, PlotAxis.Exact("epoch", Math.Min(1, fit.Length), Math.Max(fit.Length, refit.Length)), PlotAxis.Linear(label, values.Min(), values.Max()));
            Line(fit, "line decoded");
            Line(refit, "line error");
            if (result.BestEpoch > 0 && label == "score") plot.Mark(result.BestEpoch, "best", 0, "mark");
            page.Append(CultureInfo.InvariantCulture, $"<div><h3>{ReportText.Escape(title, 120)}</h3><figure>{plot.Render()}</figure></div>");

            void Line(CurvePoint[] points, string style)
            {
                // Epochs that were not scored leave no gap.
                var known = points.Where(point => double.IsFinite(value(point))).ToArray();
                plot.Line([.. known.Select(point => (double)point.Epoch)], [.. known.Select(value)], style);
            }
        }
    }

    private static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
