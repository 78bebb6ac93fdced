using System.Globalization;
using System.Text;

namespace Realtime.Host.Reports;

/// <summary>Where time went: the total's histogram, its course, and the stages' percentiles.</summary>
internal static class LatencySection
{
    private const int BarsPerDecade = 20;

    private static readonly string[] StageStyles = ["stage1", "stage2", "stage3", "stage4"];

    public static void Write(StringBuilder page, RunReport report, ReportSeries series)
    {
        page.Append("<section><h2>Latency</h2>");
        page.Append("<p class=\"note\">Counted from when a tick was due, not from when the program got round to it. ");
        page.Append("A percentile of few ticks is close to the slowest: p99.99 needs 10,000 ticks to mean more than the maximum.</p>");
        WriteTable(page, report);
        page.Append("<div class=\"pair\">");
        var buckets = Buckets(series);
        if (buckets.Count > 0) page.Append("<figure>").Append(Histogram(report, buckets)).Append("</figure>");
        if (Stages(report).Count > 0) WriteStages(page, report);
        page.Append("</div>");
        if (series.TotalLatencyUs.Any(double.IsFinite) && series.TotalLatencyUs.Count == series.TimeS.Count)
        {
            page.Append("<p class=\"key\"><span class=\"swatch error\"></span>slowest tick in each interval ");
            page.Append("<span class=\"swatch decoded\"></span>median</p><figure>").Append(Course(report, series)).Append("</figure>");
        }

        page.Append("</section>");
    }

    private static List<(string Name, string Style, PercentilesReport Times)> Stages(RunReport report)
    {
        var latency = report.LatencyUs;
        (string, string, PercentilesReport?)[] all =
        [
            ("arrival to ring", StageStyles[0], latency.ArrivalToRing), ("ring to close", StageStyles[1], latency.RingToClose),
            ("decode", StageStyles[2], latency.Decode), ("send", StageStyles[3], latency.Send),
        ];
        return all.Where(stage => stage.Item3 is { Count: > 0 }).Select(stage => (stage.Item1, stage.Item2, stage.Item3!)).ToList();
    }

    private static void WriteTable(StringBuilder page, RunReport report)
    {
        page.Append("<div class=\"scroll\"><table><thead><tr><th>stage</th><th>median</th><th>p99</th><th>p99.9</th><th>p99.99</th>");
        page.Append("<th>slowest</th><th>count</th></tr></thead><tbody>");
        foreach (var (name, style, times) in Stages(report)) Row(page, $"<span class=\"swatch {style}\"></span>{name}", times, "");
        if (report.LatencyUs.Total is { } total) Row(page, "total: due to sent", total, " class=\"sum\"");
        if (report.DataAgeUs is { } age) Row(page, "age of the data when sent", age, "");
        page.Append("</tbody></table></div>");
    }

    private static void Row(StringBuilder page, string name, PercentilesReport times, string style)
    {
        page.Append(CultureInfo.InvariantCulture, $"<tr{style}><th>{name}</th>");
        foreach (var value in (ReadOnlySpan<double>)[times.P50, times.P99, times.P999, times.P9999, times.Max])
            page.Append(CultureInfo.InvariantCulture, $"<td>{(times.Count > 0 ? ReportText.Time(value) : "–")}</td>");
        page.Append(CultureInfo.InvariantCulture, $"<td>{ReportText.Count(times.Count)}</td></tr>");
    }

    /// <summary>The histogram in bars of equal width on a logarithmic axis, lowest first; only bars that hold anything.</summary>
    private static List<LatencyBucket> Buckets(ReportSeries series)
    {
        IEnumerable<(double Us, long Count)> values = series.TotalLatencyBuckets.Count > 0
            ? series.TotalLatencyBuckets.Select(bucket => ((bucket.LowerUs + bucket.UpperUs) / 2, bucket.Count))
            : series.TotalLatencyUs.Where(double.IsFinite).Select(value => (value, 1L));
        return values.Where(value => value.Count > 0)
            .GroupBy(value => (int)Math.Floor(Math.Log10(Math.Max(value.Us, 1e-3)) * BarsPerDecade))
            .OrderBy(bar => bar.Key)
            .Select(bar => new LatencyBucket(Edge(bar.Key), Edge(bar.Key + 1), bar.Sum(value => value.Count)))
            .ToList();
        static double Edge(int bar) => Math.Pow(10, (double)bar / BarsPerDecade);
    }

    private static string Histogram(RunReport report, List<LatencyBucket> buckets)
    {
        var total = report.LatencyUs.Total;
        var deadline = report.DeadlineMs * 1e3;
        var high = Math.Max(buckets[^1].UpperUs, total?.Max ?? 0);
        if (deadline > high && deadline < high * 30) high = deadline;
        var marks = new List<(double, string, string)>();
        if (total is { Count: > 0 })
        {
            marks.AddRange([(total.P50, $"median {ReportText.Time(total.P50)}", "mark"), (total.P99, $"p99 {ReportText.Time(total.P99)}",
                "mark"),
                (total.P999, $"p99.9 {ReportText.Time(total.P999)}", "mark"), (total.P9999, $"p99.99 {ReportText.Time(total.P9999)}",
                    "mark"),
                (total.Max, $"slowest {ReportText.Time(total.Max)}", "mark")]);
        }

        if (deadline > 0 && deadline <= high) marks.Add((deadline, $"deadline {ReportText.Time(deadline)}", "mark deadline"));
        var plot = new SvgPlot("Histogram of total latency", PlotAxis.Logarithmic("total latency, due to sent", buckets[0].LowerUs, high,
            Label),
            PlotAxis.Logarithmic("ticks", 0.5, buckets.Max(bucket => bucket.Count), CountLabel),
            height: 340, top: 16 + 15 * marks.Count);
        foreach (var bucket in buckets) plot.Bar(bucket.LowerUs, bucket.UpperUs, 0, bucket.Count, "bar", leastHeight: 2);
        for (var row = 0; row < marks.Count; row++) plot.Mark(marks[row].Item1, marks[row].Item2, row, marks[row].Item3);
        return plot.Render();
    }

    /// <summary>The axis begins at half a tick, so that a bar of one tick has a height; there is no label for that.</summary>
    private static string CountLabel(double count) => count < 1 ? "" : ReportText.Count((long)Math.Round(count));

    private static string Label(double microseconds) => ReportText.Time(microseconds);

    private static void WriteStages(StringBuilder page, RunReport report)
    {
        var stages = Stages(report);
        var total = report.LatencyUs.Total;
        (string Name, Func<PercentilesReport, double> Of)[] rows =
            [("median", times => times.P50), ("p99", times => times.P99), ("p99.9", times => times.P999), ("p99.99", times => times.P9999)];
        var longest = rows.Max(row => Math.Max(stages.Sum(stage => row.Of(stage.Times)), total is null ? 0 : row.Of(total)));
        var unit = longest >= 2000 ? 1e3 : 1;
        const double rowHeight = 48;
        var plot = new SvgPlot("Percentiles of each stage", PlotAxis.Linear(unit > 1 ? "time (ms)" : "time (µs)", 0, longest / unit),
            PlotAxis.Fixed("percentile", 0, 1), height: 340, top: 40);
        for (var row = 0; row < rows.Length; row++)
        {
            var top = 56 + row * (rowHeight + 12);
            plot.Text(57, top + rowHeight / 2 + 4, rows[row].Name, "end");
            var sum = 0.0;
            foreach (var (_, style, times) in stages)
            {
                var width = plot.X((sum + rows[row].Of(times)) / unit) - plot.X(sum / unit);
                plot.Box(plot.X(sum / unit), top, width, rowHeight, style);
                sum += rows[row].Of(times);
            }

            if (total is { Count: > 0 }) plot.Box(plot.X(rows[row].Of(total) / unit) - 1.5, top - 4, 3, rowHeight + 8, "total");
        }

        plot.Text(64, 20, "Bars: the stages' own percentiles, end to end.");
        plot.Text(64, 36, "Upright: the total's percentile (percentiles do not add up).");
        page.Append("<figure>").Append(plot.Render()).Append("</figure>");
    }

    private static string Course(RunReport report, ReportSeries series)
    {
        var (time, slowest, median) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var (start, end) in Thinning.Runs(series.TimeS.Count))
        {
            var values = Enumerable.Range(start, end - start).Select(tick =>
                series.TotalLatencyUs[tick]).Where(double.IsFinite).Order().ToArray();
            time.Add((series.TimeS[start] + series.TimeS[end - 1]) / 2);
            slowest.Add(values.Length > 0 ? values[^1] : double.NaN);
            median.Add(values.Length > 0 ? values[values.Length / 2] : double.NaN);
        }

        var (low, _) = Thinning.Range(median);
        var (_, high) = Thinning.Range(slowest);
        var deadline = report.DeadlineMs * 1e3;
        var showDeadline = deadline > 0 && deadline < high * 30;
        if (showDeadline) high = Math.Max(high, deadline);
        var plot = new SvgPlot("Total latency over the run", PlotAxis.Exact("time (s): whole run", time[0], time[^1]),
            PlotAxis.Logarithmic("total latency", low, high, Label), width: 900, height: 230);
        if (showDeadline)
        {
            plot.Line([time[0], time[^1]], [deadline, deadline], "line deadline");
            plot.Text(880, plot.Y(deadline) + 14, "deadline", "end", "mark deadline");
        }

        plot.Line(time, slowest, "line error");
        plot.Line(time, median, "line decoded");
        return plot.Render();
    }
}
