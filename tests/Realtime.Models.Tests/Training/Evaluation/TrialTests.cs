using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Tests.Training.Windows;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Tests;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Training.Evaluation;

public sealed class TrialTests(ITestOutputHelper output)
{
    [Fact]
    public void Trials_are_those_wholly_within_a_split_and_their_lengths_survive_rounding()
    {
        var random = new Random(3);
        var trials = Enumerable.Range(0, 30).Select(i => i * 0.6 + random.NextDouble() * 0.1).Select(start => new TimeRange(start, start + 0.4)).ToArray();
        var session = new SmallSession { Segments = trials, Train = [new(0, 9.2)], Valid = [new(9.2, 20)] }.Make();
        var cut = SessionTrials.Cut(session);
        Assert.Equal(trials.Count(trial => trial.End <= 9.2), cut.Train.Count);
        Assert.Equal(trials.Count(trial => trial.Start >= 9.2), cut.Valid.Count);
        Assert.All(cut.Train, trial => Assert.Equal(400_000_000, Math.Round(trial.End * 1e9) - Math.Round(trial.Start * 1e9)));
        Assert.All(SessionTrials.Within(session, session.Train, 0.35), trial => Assert.Equal(0.35, trial.Length, 9));
        Assert.Empty(SessionTrials.Within(session, session.Train, 0.5));
    }

    [Fact]
    public void Each_trial_begins_anew_and_is_judged_by_its_last_answer()
    {
        // Not a whole number of hops: calls end with the trial.
        var decoder = new Recorder(windowNs: 50_000_000, hopNs: 50_000_000);
        var session = new SmallSession { Behaviour = [new("side", "1")], Value = (ms, _) => ms < 3000 ? -1 : 1 }.Make();
        var scores = TrialEvaluator.Evaluate(decoder, session, [new(1, 1.42), new(2, 2.03), new(4, 4.2)], null, [0.5]);
        Assert.Equal(["reset", "1070", "1120", "1170", "1220", "1270", "1320", "1370", "1420", "reset", "4050", "4100", "4150", "4200"], decoder.Calls);
        Assert.Equal((2, 1), (scores.Pairs, scores.LeftOut));

        // The recorder answers the number of calls since the reset: 8 against -1, 4 against 1.
        Assert.Equal((9 + 3) / 2.0, scores.Scores()["side"]["mean_abs_error"]);
    }

    [Fact]
    public void A_stateless_decoder_is_asked_once_per_trial()
    {
        var decoder = new Recorder(windowNs: 350_000_000, hopNs: 0);
        TrialEvaluator.Evaluate(decoder, new SmallSession { Behaviour = [new("side", "1")] }.Make(), [new(1, 1.4), new(2, 2.4)]);
        Assert.Equal(["reset", "1400", "reset", "2400"], decoder.Calls);
    }

    /// <summary>
    /// The READMEs' ridge takes square roots of the counts, ours the counts: near, not equal. What must agree is which trials are scored, and
    /// the share of the majority side.
    /// </summary>
    [NeedsSharedFact]
    public void Contrast_trials_of_the_recordings_are_those_of_their_READMEs()
    {
        foreach (var (name, trials, sides, majority, r2, side) in new[]
        {
            ("npx_lederberg_1210", 45, 37, 0.649, 0.406, 0.865), ("npx_lederberg_1211", 44, 29, 0.517, 0.363, 0.793),
        })
        {
            var session = SessionTrials.Cut(NpySession.Read(name), lastSeconds: 0.35);
            var options = new TrainingOptions { BinMs = 350, Lags = 1, Outputs = ["contrast_difference"], Penalties = [10, 100, 1000, 10_000, 100_000] };
            var rows = BaselineScores.Fit(session, options, session.Test, oneAnswerPerInterval: true, kinds: ["wiener"]);
            var table = new ScoreTable("test", [new("contrast_difference", "right - left")], rows);
            output.WriteLine(table.ToMarkdown());
            Assert.Equal(trials, rows[0].Pairs);
            Assert.Equal(sides, rows[0].Values["contrast_difference/sign_pairs"]);
            Assert.Equal(majority, rows[0].Values["contrast_difference/majority_sign"], 3);
            Assert.InRange(rows[0].Values["contrast_difference/r2"], r2 - 0.2, r2 + 0.2);
            Assert.InRange(rows[0].Values["contrast_difference/sign_accuracy"], side - 0.15, 1);
        }
    }

    /// <summary>Answers the number of calls since the last reset, and keeps the moments it is asked about, ms.</summary>
    private sealed class Recorder(long windowNs, long hopNs) : IDecoder
    {
        private int _calls;

        public List<string> Calls { get; } = [];

        public DecoderDescription Description { get; } = new()
        {
            Name = "recorder",
            Hash = "",
            Units = UnitTable.Numbered(3),
            Outputs = [new OutputChannel("side", "1")],
            WindowNs = windowNs,
            HopNs = hopNs,
            TargetNs = 50_000_000,
        };

        public void Reset()
        {
            Calls.Add("reset");
            _calls = 0;
        }

        public void Decode(in SpikeWindow window, Span<float> values)
        {
            Assert.Equal(Description.WindowNs, window.EndNs - window.StartNs);
            Calls.Add($"{window.EndNs / 1_000_000}");
            values[0] = ++_calls;
        }
    }
}
