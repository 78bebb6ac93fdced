using Realtime.Host.Reports;

namespace Realtime.Host.Tests.Reports;

public sealed class RunVerdictTests
{
    [Fact]
    public void Run_that_kept_every_promise_is_good()
    {
        var verdict = RunVerdict.Of(SampleRun.Good().Report);
        Assert.Equal(VerdictLevel.Good, verdict.Level);
        var text = string.Join('\n', verdict.Lines.Select(line => line.Text));
        Assert.Contains("6,000 of 6,000 ticks answered on time.", text);
        Assert.Contains("Every one of 401,233 spikes accounted for: 398,767 decoded, 2,466 dropped for stated reasons.", text);
        Assert.Contains("hand_x: R² 0.710 against the baseline's 0.680.", text);
    }

    [Fact]
    public void Scores_of_random_weights_are_never_judged()
    {
        var good = SampleRun.Good().Report;
        var verdict = RunVerdict.Of(good with { Model = good.Model with { Weights = "random" } });
        Assert.Equal(VerdictLevel.LookCloser, verdict.Level);
        Assert.Contains(verdict.Lines, line => line.Text.Contains("its scores mean nothing"));
        Assert.DoesNotContain(verdict.Lines, line => line.Text.Contains("R²"));
        var page = HtmlReport.Render(good with { Model = good.Model with { Weights = "random" } }, SampleRun.Good().Series);
        Assert.Contains("wiener, random weights", page);
        Assert.Contains("these figures mean nothing", page);
        Assert.DoesNotContain("mean R²", page);
        Assert.Contains("wiener, imported weights", HtmlReport.Render(good with { Model = good.Model with { Weights = "imported" } }, SampleRun.Good().Series));
    }

    [Theory]
    [InlineData("unfit", "judged unfit for live use")]
    [InlineData("forced", "by force")]
    public void A_model_whose_scores_speak_against_it_always_asks_to_look_closer(string fitness, string words)
    {
        var good = SampleRun.Good().Report;
        var report = good with { Model = good.Model with { Fitness = fitness } };
        var verdict = RunVerdict.Of(report);
        Assert.Equal(VerdictLevel.LookCloser, verdict.Level);
        Assert.Contains(verdict.Lines, line => line.Level == VerdictLevel.LookCloser && line.Text.Contains(words));
        Assert.Contains($"wiener, {fitness} for live use", HtmlReport.Render(report, SampleRun.Good().Series));
        Assert.Equal(VerdictLevel.Good, RunVerdict.Of(good with { Model = good.Model with { Fitness = "fit" } }).Level);
    }

    [Fact]
    public void A_decoder_that_the_simpler_one_beats_asks_to_look_closer()
    {
        var good = SampleRun.Good();
        Assert.Contains(RunVerdict.Of(good.Report).Lines, line => line is { Level: VerdictLevel.Good, Text: "Mean R² 0.765 against 0.750 of kalman, fitted on the same 2 min, decoded offline." });
        var beaten = RunVerdict.Of(good.Report with { Scores = good.Report.Comparison!.Scores, Comparison = good.Report.Comparison with { Scores = good.Report.Scores } });
        Assert.Contains(beaten.Lines, line => line.Level == VerdictLevel.LookCloser && line.Text.EndsWith("decoded offline: the simpler decoder does better."));
        var page = HtmlReport.Render(good.Report, good.Series);
        Assert.Contains("mean R² of 2 outputs; kalman 0.75, fitted on the same 2 min, decoded offline", page);
        Assert.Contains("<td class=\"word\">kalman</td>", page);
        Assert.DoesNotContain("kalman", HtmlReport.Render(good.Report with { Comparison = null }, good.Series));
    }

    [Fact]
    public void A_recording_that_lost_something_is_told()
    {
        var good = SampleRun.Good().Report;
        Assert.Contains(RunVerdict.Of(good).Lines, line => line.Text == "Recorded: 398,700 spikes and 30,000 rows of behaviour, 1,198 video frames, none lost.");
        var verdict = RunVerdict.Of(good with { Recording = good.Recording! with { LostSpikes = 12 } });
        Assert.Equal(VerdictLevel.LookCloser, verdict.Level);
        Assert.Contains(verdict.Lines, line => line.Text.Contains("lacks 12 spikes and 0 behaviour values"));
        var lost = RunVerdict.Of(good with { Recording = good.Recording! with { LostFrames = 3 } });
        Assert.Contains(lost.Lines, line => line.Level == VerdictLevel.LookCloser && line.Text.Contains("lacks 0 spikes and 0 behaviour values, 3 video frames"));
        var withoutFrames = good with { Frames = null };
        Assert.Contains(RunVerdict.Of(withoutFrames).Lines, line => line.Text == "Recorded: 398,700 spikes and 30,000 rows of behaviour, none lost.");
        Assert.DoesNotContain("video frames", HtmlReport.Render(withoutFrames, SampleRun.Good().Series));
        Assert.Contains("What was recorded", HtmlReport.Render(good, SampleRun.Good().Series));
    }

    [Fact]
    public void Degraded_run_asks_to_look_closer_and_says_why_first()
    {
        var verdict = RunVerdict.Of(SampleRun.Troubled().Report);
        Assert.Equal(VerdictLevel.LookCloser, verdict.Level);
        Assert.Equal(VerdictLevel.LookCloser, verdict.Lines[0].Level);
        Assert.Contains(verdict.Lines, line => line.Text.Contains("1,200 spikes (0.299") && line.Text.Contains("ring full"));
    }

    [Fact]
    public void One_late_tick_of_many_is_never_rounded_to_all()
    {
        var report = SampleRun.Good().Report with { Ticks = 1_000_000, Answers = new() { Fresh = 999_999, Late = 1 } };
        var verdict = RunVerdict.Of(report);
        Assert.Equal(VerdictLevel.LookCloser, verdict.Level);
        Assert.Contains("99.999\u00A0%", verdict.Lines[0].Text);
        Assert.DoesNotContain("(100", verdict.Lines[0].Text);
    }

    [Theory]
    [InlineData("sum")]
    [InlineData("books")]
    [InlineData("flight")]
    [InlineData("failed")]
    [InlineData("none")]
    [InlineData("never fresh")]
    public void Broken_promise_is_bad(string what)
    {
        var good = SampleRun.Good(100).Report;
        var report = what switch
        {
            "sum" => good with { Answers = good.Answers with { Fresh = 99 } },
            "books" => good with { Spikes = good.Spikes with { Decoded = good.Spikes.Decoded - 1 } },
            "flight" => good with { Spikes = good.Spikes with { InFlight = 1 } },
            "failed" => good with { EndReason = "decoder_failed" },
            "none" => good with { Ticks = 0, Answers = new() },
            _ => good with { Answers = new() { Late = 100 } },
        };
        Assert.Equal(VerdictLevel.Good, RunVerdict.Of(good).Level);
        Assert.Equal(VerdictLevel.Bad, RunVerdict.Of(report).Level);
    }

    [Theory]
    [InlineData(double.NaN, 0.5)]
    [InlineData(-0.1, -0.2)]
    [InlineData(0.4, 0.5)]
    public void Score_that_is_undefined_worthless_or_below_the_baseline_asks_to_look_closer(double score, double baseline)
    {
        static Dictionary<string, IReadOnlyDictionary<string, double>> Of(double r2) => new()
        {
            ["x"] = new Dictionary<string,
            double>
            { ["r2"] = r2 }
        };
        var report = SampleRun.Good(100).Report with { Scores = Of(score), BaselineScores = Of(baseline) };
        Assert.Equal(VerdictLevel.LookCloser, RunVerdict.Of(report).Level);
    }
}
