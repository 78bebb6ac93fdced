using System.Globalization;
using System.Text;
using Realtime.Engine.Answers;
using Realtime.Host.Configuration;

namespace Realtime.Host.Reports;

/// <summary>How ticks were answered, and how many spikes came, over the run.</summary>
internal static class CourseSection
{
    private static readonly AnswerStatus[] Degraded = [AnswerStatus.Late, AnswerStatus.Held, AnswerStatus.NoData];

    public static void Write(StringBuilder page, RunReport report, ReportSeries series)
    {
        var answered = series.TimeS.Count > 0 && series.Status.Count == series.TimeS.Count;
        var rated = series.RateTimeS.Count > 1 && series.SpikesPerS.Count == series.RateTimeS.Count;
        if (!answered && !rated) return;
        page.Append("<section><h2>Over the run</h2>");
        if (answered) WriteAnswers(page, report, series);
        if (rated) page.Append("<h3>Spikes</h3><figure>").Append(Rate(series)).Append("</figure>");
        page.Append("</section>");
    }

    private static void WriteAnswers(StringBuilder page, RunReport report, ReportSeries series)
    {
        var answers = report.Answers;
        page.Append("<h3>Answers</h3><p class=\"key\">");
        Key(page, "fresh", answers.Fresh, report.Ticks);
        Key(page, "late", answers.Late, report.Ticks);
        Key(page, "held", answers.Held, report.Ticks);
        Key(page, "no_data", answers.NoData, report.Ticks);
        page.Append("</p><figure>").Append(Strip(series)).Append("</figure>");
    }

    private static void Key(StringBuilder page, string status, long count, long ticks) => page.Append(CultureInfo.InvariantCulture,
        $"<span class=\"swatch {status}\"></span>{ReportText.Words(status)} {ReportText.Count(count)}"
            + $" ({ReportText.Percent(count, ticks)}) ");

    /// <summary>A strip in the colour of the worst answer of each interval, and under it how many answers were not fresh.</summary>
    private static string Strip(ReportSeries series)
    {
        var runs = Thinning.Runs(series.TimeS.Count).ToArray();
        var counts = runs.Select(run => Counts(series, run)).ToArray();
        var most = counts.Max(count => Degraded.Sum(status => count[(int)status]));
        var begin = series.TimeS[0];
        var end = series.TimeS[^1];
        var axis = PlotAxis.Linear("ticks not fresh", 0, Math.Max(1, most), labels: 3);
        var plot = new SvgPlot("Answers over the run", PlotAxis.Exact("time (s): whole run", begin, end),
            most == 0 ? PlotAxis.Fixed("", 0, 1) : axis, width: 900, height: most == 0 ? 90 : 200, top: 44);
        for (var index = 0; index < runs.Length; index++)
        {
            var (left, right) = (series.TimeS[runs[index].Start], runs[index].End < series.TimeS.Count ? series.TimeS[runs[index].End]
                : end);
            var worst = Degraded.LastOrDefault(status => counts[index][(int)status] > 0, AnswerStatus.Fresh);
            plot.Box(plot.X(left), 10, Math.Max(1, plot.X(right) - plot.X(left) + 0.4), 24, ConfigWords.Of(worst));
            var sum = 0;
            foreach (var status in Degraded)
            {
                var count = counts[index][(int)status];
                if (count > 0) plot.Bar(left, right, sum, sum + count, ConfigWords.Of(status), leastHeight: 2);
                sum += count;
            }
        }

        if (most == 0) plot.Text(plot.X(begin), 46, "every answer was fresh");
        return plot.Render();
    }

    private static int[] Counts(ReportSeries series, (int Start, int End) run)
    {
        var counts = new int[256];
        for (var tick = run.Start; tick < run.End; tick++) counts[(byte)series.Status[tick]]++;
        return counts;
    }

    private static string Rate(ReportSeries series)
    {
        var (time, low, high, mean) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        foreach (var (start, end) in Thinning.Runs(series.RateTimeS.Count))
        {
            var values = Enumerable.Range(start, end - start).Select(index => series.SpikesPerS[index]).Where(double.IsFinite).ToArray();
            time.Add(series.RateTimeS[start]);
            low.Add(values.Length > 0 ? values.Min() : double.NaN);
            high.Add(values.Length > 0 ? values.Max() : double.NaN);
            mean.Add(values.Length > 0 ? values.Average() : double.NaN);
        }

        var (_, most) = Thinning.Range(high);
        var plot = new SvgPlot("Spikes per second over the run", PlotAxis.Exact("time (s): whole run", time[0], time[^1]),
            PlotAxis.Linear("spikes/s", 0, most, labels: 4), width: 900, height: 190);
        if (series.RateTimeS.Count > Thinning.Bins)
        {
            plot.Line(time, low, "line faint");
            plot.Line(time, high, "line faint");
        }

        plot.Line(time, mean, "line decoded");
        return plot.Render();
    }
}
