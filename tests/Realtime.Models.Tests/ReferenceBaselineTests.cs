using Realtime.Engine.Decoding;
using Realtime.Models.Scores;
using Realtime.Models.Training;
using Realtime.Tests;
using Xunit.Abstractions;

namespace Realtime.Models.Tests;

/// <summary>
/// The numbers that the reference recordings' own READMEs give for linear decoders, found again. The READMEs' authors used another program.
/// Prints the table of docs/baselines.md.
/// </summary>
public sealed class ReferenceBaselineTests(ITestOutputHelper output)
{
    [NeedsSharedFact]
    public void Head_direction_by_ridge_regression()
    {
        var session = NpySession.Read("hd_adn_mouse");
        foreach (var (bin, lags, cos, sin, median, mean) in new[]
        {
            (50, 1, 0.422, 0.481, 28.6, 35.1), (50, 10, 0.579, 0.720, 23.1, 25.8), (100, 1, 0.488, 0.579, 26.5, 31.2),
            (100, 5, 0.590, 0.728, 22.9, 25.4),
            (100, 10, 0.6157, 0.7439, 21.7, 24.2),
        })
        {
            var test = WienerTrainer.Train(session, new TrainingOptions { BinMs = bin, Lags = lags }).Report.Test;
            var what = $"hd_adn_mouse | wiener, {bin} ms, L {lags}";
            Near(what, "R2 cos", cos, test["cos_head_direction"]["r2"], 0.005);
            Near(what, "R2 sin", sin, test["sin_head_direction"]["r2"], 0.005);
            Near(what, "median error, deg", median, test["head_direction"]["median_abs_error_deg"], 0.3);
            Near(what, "mean error, deg", mean, test["head_direction"]["mean_abs_error_deg"], 0.3);
        }
    }

    [NeedsSharedFact]
    public void Head_direction_by_Bayes()
    {
        // "Judged at the window's end": against the direction of the last 10 ms, the recording's resolution.
        var session = NpySession.Read("hd_adn_mouse");
        foreach (var (window, median, mean) in new[] { (200, 20.92, 23.56), (300, 20.95, 23.40), (500, 21.28, 24.11) })
        {
            var options = new TrainingOptions
            {
                BinMs = window,
                Bayes = new BayesOptions { TargetMs = 10, StepMs = 100, TuningBinMs = 10 }
            };
            var test = BayesTrainer.Train(session, options).Report.Test["head_direction"];
            Near($"hd_adn_mouse | bayes, {window} ms", "median error, deg", median, test["median_abs_error_deg"], 0.3);
            Near($"hd_adn_mouse | bayes, {window} ms", "mean error, deg", mean, test["mean_abs_error_deg"], 0.3);
        }
    }

    [NeedsSharedFact]
    public void Reaching_by_ridge_regression()
    {
        var session = NpySession.Read("m1_reach_42u");
        foreach (var (lags, penalty, expected) in new (int, double, double[])[]
        {
            (1, 100, [0.2070, 0.5022, 0.3151, 0.4816]), (5, 1000, [0.5519, 0.8082, 0.6104, 0.7807]),
            (10, 1000, [0.6171, 0.8467, 0.6593, 0.8194]), (14, 1000, [0.6104, 0.8533, 0.6512, 0.8183]),
        })
        {
            var model = WienerTrainer.Train(session, new TrainingOptions { BinMs = 70, Lags = lags });
            Assert.Equal(penalty, model.File.Config.Training.Penalty);
            for (var i = 0; i < 4; i++)
                Near($"m1_reach_42u | wiener, 70 ms, L {lags}", "R2 " + session.Behaviour[i].Name, expected[i],
                    model.Report.Test[session.Behaviour[i].Name]["r2"], 0.005);
            if (lags != 10) continue;
            Near("m1_reach_42u | wiener, 70 ms, L 10", "validation R2", 0.6245, model.File.Config.Training.ValidationScore!.Value, 0.005);
        }
    }

    [NeedsSharedFact]
    public void Reaching_by_the_Kalman_filter_lies_between_one_and_ten_bins_of_history()
    {
        var session = NpySession.Read("m1_reach_42u");
        var test = KalmanTrainer.Train(session, new TrainingOptions { BinMs = 70 }).Report.Test;
        foreach (var channel in session.Behaviour) Note("m1_reach_42u | kalman, 70 ms", "R2 " + channel.Name, test[channel.Name]["r2"]);
        Note("m1_reach_42u | kalman, 70 ms", "mean R2", test["all"]["mean_r2"]);
        Assert.InRange(test["all"]["mean_r2"], 0.3765, 0.7356);
    }

    [NeedsSharedFact]
    public void Place_in_the_open_field_by_ridge_regression()
    {
        var session = NpySession.Read("ca1_openfield_r2336");
        var test = WienerTrainer.Train(session, new TrainingOptions { BinMs = 200, Lags = 10 }).Report.Test;
        Near("ca1_openfield_r2336 | wiener, 200 ms, L 10", "R2 x", 0.5906, test["x"]["r2"], 0.005);
        Near("ca1_openfield_r2336 | wiener, 200 ms, L 10", "R2 y", 0.5850, test["y"]["r2"], 0.005);
        Near("ca1_openfield_r2336 | wiener, 200 ms, L 10", "median error, cm", 20.65, test["x,y"]["median_error"], 0.1);
        var bayes = BayesTrainer.Train(session,
            new TrainingOptions { BinMs = 1000, Bayes = new BayesOptions { TuningBinMs = 200, TargetMs = 200 } }).Report.Test;
        Note("ca1_openfield_r2336 | bayes, 1000 ms", "median error, cm", bayes["x,y"]["median_error"]);
        Assert.True(bayes["x,y"]["median_error"] < test["x,y"]["median_error"]);
    }

    [NeedsSharedFact]
    public void Place_on_the_track_by_ridge_regression()
    {
        var session = NpySession.Read("ca1_linear_track");
        foreach (var (filter, bin, lags, expected) in new (string?, int, int, double)[]
        {
            (null, 100, 1, -0.016), (null, 100, 10, 0.064), (null, 250, 4, -0.139), ("speed > 20", 100, 1, 0.098),
            ("speed > 20", 100, 10, 0.284), ("speed > 20", 250, 4, 0.234),
        })
        {
            var test = WienerTrainer.Train(session,
                new TrainingOptions { BinMs = bin, Lags = lags, Outputs = ["track_position"], Filter = filter }).Report.Test;
            Near($"ca1_linear_track | wiener, {bin} ms, L {lags}, {filter ?? "all"}", "R2", expected, test["track_position"]["r2"], 0.005);
        }
    }

    [NeedsSharedFact]
    public void Place_on_the_track_by_Bayes()
    {
        // "Target = position at the window's centre, judged every 100 ms while running": asked for here of the 100 ms about the centre.
        // The lowest rate is not in the README; 0.1 Hz is the one of 0.001, 0.01 and 0.1 that comes nearest.
        var session = NpySession.Read("ca1_linear_track");
        var options = new TrainingOptions
        {
            BinMs = 500,
            Outputs = ["track_position"],
            Filter = "speed > 20",
            Bayes = new BayesOptions { StepMs = 100, SmoothingCells = 1, MinimumRateHz = 0.1 },
        };
        var model = BayesTrainer.Train(session, options);
        var filter = BinFilter.Parse("speed > 20", session.Behaviour);
        TargetSource[] sources = [.. TargetSources.For(["track_position"], session.Behaviour), filter.Source];
        var averager = new TargetAverager(sources, session.SampleRateHz, 0, 100_000_000, session.BehaviourSamples.Length);
        for (var row = 0; row < session.BehaviourSamples.Length; row++)
        {
            foreach (var channel in sources.Select(source => source.Channel))
                averager.Add(session.BehaviourSamples[row], channel, session.BehaviourValues[row * session.Behaviour.Count + channel]);
        }

        var timesNs = Array.ConvertAll(session.SpikeSamples, sample => sample * 1_000_000_000 / 30000);
        var scores = new ScoreAccumulator(model.Decoder.Description.Outputs, model.File.Config.Training.TargetMean);
        var (means, values) = (new double[2], new float[1]);
        var (start, end) = ((long)(session.Test[0].Start * 1e9), (long)(session.Test[0].End * 1e9));
        for (var at = start + 500_000_000; at <= end; at += 100_000_000)
        {
            averager.Mean(at - 200_000_000, means);
            if (!filter.Keeps(means[1])) continue;
            var (first, last) = (Array.FindIndex(timesNs, time => time >= at - 500_000_000),
                Array.FindLastIndex(timesNs, time => time < at));
            model.Decoder.Decode(new SpikeWindow(at - 500_000_000, at, timesNs.AsSpan(first, last + 1 - first),
                session.SpikeUnits.AsSpan(first, last + 1 - first)), values);
            scores.Append(values, means.AsSpan(0, 1));
        }

        var test = scores.Scores()["track_position"];
        Near("ca1_linear_track | bayes, 500 ms, running", "windows", 600, scores.Pairs, 3);
        Near("ca1_linear_track | bayes, 500 ms, running", "median error", 0.078, test["median_abs_error"], 0.005);
        Near("ca1_linear_track | bayes, 500 ms, running", "R2", -0.076, test["r2"], 0.02);
        Near("ca1_linear_track | bayes, 500 ms, running", "median error of the constant", 0.258, test["constant_median_abs_error"], 0.005);
        Note("ca1_linear_track | bayes, 500 ms, running, 0.01 Hz, mean over the window", "median error",
            BayesTrainer.Train(session, options with { Bayes = options.Bayes with { MinimumRateHz = 0.01 } })
                .Report.Test["track_position"]["median_abs_error"]);
    }

    private void Near(string what, string metric, double expected, double actual, double tolerance)
    {
        output.WriteLine(FormattableString.Invariant($"| {what} | {metric} | {expected} | {actual:F4} |"));
        Assert.True(Math.Abs(expected - actual) <= tolerance,
            FormattableString.Invariant($"{what}, {metric}: {actual:F4} against {expected} ± {tolerance}"));
    }

    private void Note(string what, string metric, double actual) =>
        output.WriteLine(FormattableString.Invariant($"| {what} | {metric} | | {actual:F4} |"));
}
