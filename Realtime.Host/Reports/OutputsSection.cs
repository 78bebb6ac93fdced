using System.Globalization;
using System.Text;

namespace Realtime.Host.Reports;

/// <summary>Decoded against true, per output: a stretch of the run in full, every value as a dot, and the error over the run.</summary>
internal static class OutputsSection
{
    /// <summary>More outputs than this are named but not drawn: the page stays readable and below its size.</summary>
    private const int MaxOutputs = 12;

    /// <summary>Length of the stretch drawn in full, s: movements of a second or so can be told apart.</summary>
    private const double StretchS = 20;

    private const int MaxStretchTicks = 1200;

    private const int MaxDots = 2000;

    public static void Write(StringBuilder page, RunReport report, ReportSeries series)
    {
        var outputs = DrawnOutput.From(series.Outputs);
        if (outputs.Count == 0 || series.TimeS.Count == 0) return;
        page.Append("<section><h2>Decoded against true</h2>");
        foreach (var output in outputs.Take(MaxOutputs)) WriteOutput(page, report, series, output);
        if (outputs.Count > MaxOutputs)
        {
            var rest = string.Join(", ", outputs.Skip(MaxOutputs).Select(output => output.Channel.Name));
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">Not drawn, to keep the page small:"
                + $" {ReportText.Escape(rest)}.</p>");
        }

        page.Append("</section>");
    }

    private static void WriteOutput(StringBuilder page, RunReport report, ReportSeries series, DrawnOutput output)
    {
        if (output.Decoded.Length != series.TimeS.Count) return;
        var unit = output.Channel.Unit is "" or "1" ? "" : $" ({output.Channel.Unit})";
        var score = Score(report, output);
        page.Append(CultureInfo.InvariantCulture, $"<h3>{ReportText.Escape(output.Channel.Name, 80)}{score}</h3>");
        page.Append(Key(output));
        page.Append("<figure>").Append(Trace(series, output, unit)).Append("</figure>");
        if (!output.HasTruth) return;
        page.Append("<div class=\"pair\"><figure>").Append(Scatter(output, unit)).Append("</figure><figure>");
        page.Append(Errors(series, output, unit)).Append("</figure></div>");
    }

    private static string Score(RunReport report, DrawnOutput output)
    {
        if (!report.Scores.TryGetValue(output.Channel.Name, out var metrics) || !metrics.TryGetValue("r2", out var r2)) return "";
        return $" <small>R² {ReportText.Three(r2)}</small>";
    }

    private static string Key(DrawnOutput output) => output.HasTruth
        ? "<p class=\"key\"><span class=\"swatch true\"></span>true <span class=\"swatch decoded\"></span>decoded</p>"
        : "<p class=\"key\"><span class=\"swatch decoded\"></span>decoded (no true values to compare with)</p>";

    private static string Trace(ReportSeries series, DrawnOutput output, string unit)
    {
        var (start, end) = Stretch(series.TimeS, output);
        var time = Enumerable.Range(start, end - start).Select(tick => series.TimeS[tick]).ToArray();
        var decoded = output.Decoded[start..end];
        var truth = output.True.Length > 0 ? output.True[start..end] : [];
        var (low, high) = Thinning.Range(decoded.Concat(truth));
        var whole = start == 0 && end == series.TimeS.Count;
        var title = whole ? "time (s)" : string.Create(CultureInfo.InvariantCulture, $"time (s): {time[^1] - time[0]:0.#} s from the"
            + $" middle of the run");
        var plot = new SvgPlot($"{output.Channel.Name} over time", PlotAxis.Exact(title, time[0], time[^1]),
            ValueAxis(output, $"{output.Channel.Name}{unit}", low, high), width: 900, height: 250);
        var breakAt = output.IsAngle ? output.Period / 2 : double.PositiveInfinity;
        if (truth.Length > 0) plot.Line(time, truth, "line true", breakAt);
        plot.Line(time, decoded, "line decoded", breakAt);
        return plot.Render();
    }

    /// <summary>The middle of the ticks that have a value, where neither the start nor the end of the run shows.</summary>
    private static (int Start, int End) Stretch(IReadOnlyList<double> time, DrawnOutput output)
    {
        var truth = output.HasTruth;
        var useful = Enumerable.Range(0, time.Count).Where(tick => double.IsFinite(output.Decoded[tick]) && (!truth
            || double.IsFinite(output.True[tick]))).ToArray();
        var middle = useful.Length > 0 ? useful[useful.Length / 2] : time.Count / 2;
        var (start, end) = (middle, middle + 1);
        while (end - start < MaxStretchTicks && (start > 0 || end < time.Count))
        {
            if (time[Math.Min(end, time.Count - 1)] - time[Math.Max(start - 1, 0)] > StretchS) break;
            if (start > 0) start--;
            if (end < time.Count) end++;
        }

        return (start, end);
    }

    private static string Scatter(DrawnOutput output, string unit)
    {
        var ticks = Enumerable.Range(0, output.Decoded.Length).Where(tick => double.IsFinite(output.Decoded[tick])
            && double.IsFinite(output.True[tick])).ToArray();
        var shown = Thinning.Sample(ticks.Length, MaxDots).Select(index => ticks[index]).ToArray();
        var x = shown.Select(tick => output.True[tick]).ToArray();
        var y = shown.Select(tick => output.Decoded[tick]).ToArray();
        var (low, high) = Thinning.Range(x.Concat(y));
        var count = shown.Length < ticks.Length
            ? $"{ReportText.Count(shown.Length)} of {ReportText.Count(ticks.Length)} ticks, evenly taken"
            : $"{ReportText.Count(ticks.Length)} ticks";
        var plot = new SvgPlot($"{output.Channel.Name}: decoded against true", ValueAxis(output, $"true{unit}; {count}", low, high),
            ValueAxis(output, $"decoded{unit}", low, high), height: 400);
        plot.Diagonal(low, high, "same");
        plot.Dots(x, y, "dots decoded");
        return plot.Render();
    }

    private static string Errors(ReportSeries series, DrawnOutput output, string unit)
    {
        var time = new List<double>();
        var errors = new List<double>();
        foreach (var (start, end) in Thinning.Runs(series.TimeS.Count))
        {
            var squares = Enumerable.Range(start, end - start).Select(output.Error).Where(double.IsFinite).Select(error =>
                error * error).ToArray();
            time.Add((series.TimeS[start] + series.TimeS[end - 1]) / 2);
            errors.Add(squares.Length > 0 ? Math.Sqrt(squares.Average()) : double.NaN);
        }

        var (_, high) = Thinning.Range(errors);
        var plot = new SvgPlot($"{output.Channel.Name}: error over the run", PlotAxis.Exact("time (s): whole run", time[0], time[^1],
            labels: 6),
            PlotAxis.Linear($"root mean square error{unit}", 0, high), height: 400);
        plot.Line(time, errors, "line error");
        return plot.Render();
    }

    private static PlotAxis ValueAxis(DrawnOutput output, string title, double low, double high)
    {
        var wholeTurn = output.Period == 360 && low >= 0 && high <= 360;
        return wholeTurn ? PlotAxis.Fixed(title, 0, 360, 0, 90, 180, 270, 360) : PlotAxis.Linear(title, low, high);
    }
}
