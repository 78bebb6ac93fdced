using System.Text.RegularExpressions;
using System.Xml.Linq;
using Realtime.Engine.Answers;
using Realtime.Host.Reports;

namespace Realtime.Host.Tests.Reports;

public sealed class HtmlReportTests
{
    [Fact]
    public void Page_needs_no_network_and_runs_no_script()
    {
        var (report, series) = SampleRun.Troubled();
        var page = HtmlReport.Render(report, series);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page.Replace("http-equiv", ""), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", page);
    }

    [Fact]
    public void Every_chart_is_well_formed_and_holds_no_number_that_is_not_finite()
    {
        foreach (var (report, series) in new[] { SampleRun.Good(), SampleRun.Troubled(), SampleRun.Good(1), SampleRun.Good(2),
            SampleRun.Troubled(50) })
        {
            var charts = Regex.Matches(HtmlReport.Render(report, series), "<svg.*?</svg>", RegexOptions.Singleline);
            Assert.True(charts.Count >= 6, $"only {charts.Count} charts");
            foreach (Match chart in charts)
            {
                var numbers = XElement.Parse(chart.Value).DescendantsAndSelf().Attributes()
                    .Where(attribute => attribute.Name != "aria-label").Select(attribute => attribute.Value);
                Assert.All(numbers, value => Assert.DoesNotMatch("NaN|Infinity|∞", value));
            }
        }
    }

    [Fact]
    public void Marks_stay_inside_their_chart()
    {
        var (report, series) = SampleRun.Troubled();
        foreach (Match chart in Regex.Matches(HtmlReport.Render(report, series), "<svg.*?</svg>", RegexOptions.Singleline))
        {
            var svg = XElement.Parse(chart.Value);
            var size = svg.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();
            foreach (var box in svg.Elements("rect"))
            {
                Assert.InRange((double)box.Attribute("x")!, 0, size[2]);
                Assert.InRange((double)box.Attribute("x")! + (double)box.Attribute("width")!, 0, size[2] + 1);
                Assert.InRange((double)box.Attribute("y")!, 0, size[3]);
                Assert.InRange((double)box.Attribute("y")! + (double)box.Attribute("height")!, 0, size[3] + 1);
            }
        }
    }

    [Fact]
    public void Names_from_files_never_become_markup()
    {
        const string hostile = "\"><img onerror=alert(1)>&'\u0001";
        var (report, series) = SampleRun.Good(100);
        report = report with
        {
            RunId = hostile,
            ConfigFile = hostile,
            EndReason = hostile,
            RunFolder = hostile,
            ProgramVersion = hostile,
            Model = new() { Name = hostile, File = hostile, Hash = hostile },
            Machine = new() { Cpu = hostile, Os = hostile, Dotnet = hostile, Timer = hostile },
            Notes = [hostile],
            Warnings = [hostile],
            Settings = new Dictionary<string, string> { [hostile] = hostile },
            Streams = [new() { Name = hostile, Received = 5, Dropped = One(hostile, 5), MalformedMessages = 1, UnknownUnits = One(hostile,
                5) }],
            Spikes = new() { Received = 5, Dropped = One(hostile, 5) },
            Scores = Score(hostile),
            BaselineScores = Score(hostile),
            Comparison = new() { Decoder = hostile, How = hostile, Scores = Score(hostile) },
        };
        var outputs = series.Outputs.Select(output => output with { Name = hostile + output.Name, Unit = hostile }).ToArray();
        var page = HtmlReport.Render(report, series with { ConfigText = hostile, Outputs = outputs });
        Assert.DoesNotContain("<img", page);
        Assert.DoesNotContain('\u0001', page);
        Assert.DoesNotContain("aria-label=\"\">", page);

        static Dictionary<string, long> One(string name, long count) => new() { [name] = count };
        static Dictionary<string, IReadOnlyDictionary<string, double>> Score(string name) => new()
        {
            [name] = new Dictionary<string, double> { ["r2"] = 0.5, [name] = 1 },
        };
    }

    [Fact]
    public void Page_of_an_hour_stays_small()
    {
        const int ticks = 72_000;
        var (report, series) = SampleRun.Troubled(ticks);
        var outputs = Enumerable.Range(0, 40).Select(index => series.Outputs[0] with { Name = $"output_{index}" }).ToArray();
        var page = HtmlReport.Render(report, series with { Outputs = outputs, ConfigText = new string('x', 5_000_000) });
        Assert.InRange(page.Length, 100_000, 2_000_000);
        Assert.Contains("output_39", page);
    }

    [Fact]
    public void A_single_late_tick_of_an_hour_is_drawn()
    {
        var (report, series) = SampleRun.Good(72_000);
        var status = series.Status.ToArray();
        status[31_337] = AnswerStatus.Late;
        Assert.DoesNotContain("<rect class=\"late\"", HtmlReport.Render(report, series));
        Assert.Contains("<rect class=\"late\"", HtmlReport.Render(report, series with { Status = status }));
    }

    [Fact]
    public void Pair_of_cosine_and_sine_is_drawn_as_one_angle()
    {
        var (report, series) = SampleRun.Good(200);
        var page = HtmlReport.Render(report, series);
        Assert.Contains("<h3>head ", page);
        Assert.DoesNotContain("<h3>head_cos", page);
        Assert.Contains(">270</text>", page);
    }

    [Fact]
    public void Error_of_an_angle_goes_the_short_way_round()
    {
        static OutputSeries Series(string name, Func<double, double> part) => new()
        {
            Name = name,
            Decoded = [(float)part(1 * Math.PI / 180)],
            True = [(float)part(359 * Math.PI / 180)],
        };
        var angle = Assert.Single(DrawnOutput.From([Series("sin_dir", Math.Sin), Series("cos_dir", Math.Cos)]));
        Assert.Equal("dir", angle.Channel.Name);
        Assert.Equal(2, angle.Error(0), 1e-3);
    }

    [Fact]
    public void Empty_run_makes_a_page_that_says_so()
    {
        var page = HtmlReport.Render(SampleRun.Empty(), new ReportSeries());
        Assert.Contains("No tick was due", page);
        Assert.Contains("Do not trust this run", page);
    }

    [Fact]
    public void Books_that_do_not_balance_are_shown_as_such()
    {
        var (report, series) = SampleRun.Good(100);
        var stream = report.Streams[0] with { Decoded = report.Streams[0].Decoded - 7 };
        var page = HtmlReport.Render(report with { Streams = [stream], Spikes = SpikesReport.Sum([stream]) }, series);
        Assert.Contains("✗ 7 unexplained", page);
        Assert.Contains("<header class=\"bad\">", page);
    }

    [Fact]
    public void File_is_written_whole_under_a_name_with_blanks_and_letters_of_any_script()
    {
        var folder = Directory.CreateTempSubdirectory("Läufe 実験 ").FullName;
        try
        {
            var (report, series) = SampleRun.Good(50);
            var path = Path.Combine(folder, "neu", "Bericht Maus 7.html");
            HtmlReport.Write(report, series, path);
            HtmlReport.Write(report, series, path);
            Assert.EndsWith("</html>\n", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
