using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Training;

namespace Realtime.Models.Tests;

public sealed class TrainingTests
{
    private static readonly Session Data = SyntheticSession.Make();

    public static TheoryData<string> Kinds => ["wiener", "kalman", "bayes"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_direction_is_decoded_better_than_by_the_constant(string kind)
    {
        var report = BaselineTrainer.Train(kind, Data, new TrainingOptions { BinMs = 100, Lags = 5 }).Report;
        var direction = report.Test["direction"];
        Assert.True(direction["median_abs_error_deg"] < 0.6 * direction["constant_median_abs_error_deg"],
            $"{direction["median_abs_error_deg"]} against {direction["constant_median_abs_error_deg"]}");
        Assert.True(report.Test["all"]["mean_r2"] > 0.3, $"R2 {report.Test["all"]["mean_r2"]}");
    }

    [Fact]
    public void Cosines_and_sines_are_decoded_by_default_and_an_angle_stands_for_them()
    {
        string[] expected = ["cos_direction", "sin_direction"];
        Assert.Equal(expected, Names(Wiener(Data, new TrainingOptions())));
        var byAngle = Wiener(Data, new TrainingOptions { Outputs = ["direction"] });
        Assert.Equal(Wiener(Data, new TrainingOptions()).File.Hash, byAngle.File.Hash);
        var withoutCosines = Data.With(behaviour: [new("x", "m"), new("y", "m"), new("a", "1"), new("b", "1"), new("direction", "rad"),
            new("speed", "m/s")]);
        var derived = Wiener(withoutCosines, new TrainingOptions { Outputs = ["direction"] });
        Assert.Equal(expected, Names(derived));
        Assert.Equal(byAngle.Report.Test["all"]["mean_r2"], derived.Report.Test["all"]["mean_r2"], 4);
    }

    [Fact]
    public void Without_cosines_all_channels_that_hold_a_number_are_decoded()
    {
        var values = (float[])Data.BehaviourValues.Clone();
        for (var at = 2; at < values.Length; at += 6) values[at] = float.NaN;
        var session = Data.With(behaviour: [new("x", "m"), new("y", "m"), new("empty", "1"), new("b", "1"), new("c", "1"),
            new("speed", "m/s")], values: values);
        Assert.Equal(["x", "y", "b", "c", "speed"], Names(Wiener(session, new TrainingOptions())));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_silent_unit_is_told_of_and_does_no_harm(string kind)
    {
        var model = BaselineTrainer.Train(kind, SyntheticSession.Make(silent: 3), new TrainingOptions { Lags = 2, Outputs = ["x", "y"] });
        Assert.Contains(model.Report.Notes, note => note.Contains("Electrode 4", StringComparison.Ordinal));
        Assert.True(double.IsFinite(model.Report.Test["x"]["r2"]));
        var values = new float[2];
        model.Decoder.Decode(new SpikeWindow(0, model.Decoder.Description.WindowNs, [5, 5], [3, 3]), values);
        Assert.All(values, value => Assert.InRange(value, -100, 100));
    }

    [Fact]
    public void Copied_units_are_refused_without_a_penalty_and_fitted_with_one()
    {
        var session = SyntheticSession.Make(copyOf0: 5);
        var error = Assert.Throws<TrainingException>(() => Wiener(session, new TrainingOptions { Penalties = [0] }));
        Assert.Contains("copies", error.Message, StringComparison.Ordinal);
        Assert.Throws<TrainingException>(() => Wiener(SyntheticSession.Make(silent: 2), new TrainingOptions { Penalties = [0] }));
        Assert.True(Wiener(session, new TrainingOptions { Penalties = [10] }).Report.Test["all"]["mean_r2"] > 0.3);
        Assert.True(Wiener(Data, new TrainingOptions { Penalties = [0] }).Report.Test["all"]["mean_r2"] > 0.3);
    }

    [Fact]
    public void Copied_units_make_the_Kalman_filter_load_its_diagonal_and_say_so()
    {
        var options = new TrainingOptions { Outputs = ["x", "y"], Kalman = new KalmanOptions { LagBins = [0] } };
        var model = KalmanTrainer.Train(SyntheticSession.Make(copyOf0: 5), options);
        Assert.Contains(model.Report.Notes, note => note.Contains("singular", StringComparison.Ordinal));
        Assert.True(double.IsFinite(model.Report.Test["x"]["r2"]));
        Assert.DoesNotContain(KalmanTrainer.Train(Data, options).Report.Notes, note => note.Contains("singular", StringComparison.Ordinal));
    }

    [Fact]
    public void A_constant_target_is_answered_with_its_value_and_has_no_R2()
    {
        var session = Constant("y", 3);
        var model = Wiener(session, new TrainingOptions { Outputs = ["x", "y"] });
        Assert.True(double.IsNaN(model.Report.Test["y"]["r2"]));
        Assert.Equal(0, model.Report.Test["y"]["rmse"], 5);
        Assert.Equal(model.Report.Test["x"]["r2"], model.Report.Test["all"]["mean_r2"]);
        Assert.Equal(1, Wiener(session, new TrainingOptions { Outputs = ["y"] }).Report.Candidates.Select(c => c.ValidationScore)
            .Distinct().Count(double.IsNaN));
        Assert.Contains("do not move",
            Assert.Throws<TrainingException>(() => KalmanTrainer.Train(session, new TrainingOptions { Outputs = ["x", "y"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains("'y' does not move",
            Assert.Throws<TrainingException>(() => BayesTrainer.Train(session, new TrainingOptions { Outputs = ["y"] })).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Too_few_bins_are_told_of(string kind)
    {
        var session = Data.With(train: [new TimeRange(0, 0.15)]);
        var error = Assert.Throws<TrainingException>(() =>
            BaselineTrainer.Train(kind, session,
            new TrainingOptions { Outputs = ["x", "y"], Bayes = new BayesOptions { TuningBinMs = 100 } }));
        Assert.Contains("longer interval", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_cancelled_fit_stops(string kind)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            BaselineTrainer.Train(kind, Data, new TrainingOptions { Outputs = ["x", "y"] }, null, source.Token));
        using var later = new CancellationTokenSource();
        var options = new TrainingOptions { Outputs = ["x", "y"] };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            BaselineTrainer.Train(kind, Data, options, new Immediate(share => { if (share > 0.25) later.Cancel(); }), later.Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Progress_rises_to_one(string kind)
    {
        var shares = new List<double>();
        BaselineTrainer.Train(kind, Data, new TrainingOptions { Outputs = ["x", "y"] }, new Immediate(shares.Add));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void Bins_with_an_unknown_target_are_left_out_of_the_fit()
    {
        var values = (float[])Data.BehaviourValues.Clone();
        for (var row = 0; row < 1000; row++) values[row * 6] = float.NaN;
        var whole = Wiener(Data, new TrainingOptions { Outputs = ["x"], Lags = 1 });
        var holed = Wiener(Data.With(values: values), new TrainingOptions { Outputs = ["x"], Lags = 1 });
        Assert.Equal(whole.Report.TrainBins - 100, holed.Report.TrainBins);
        Assert.True(holed.Report.Test["x"]["r2"] > 0.2);
    }

    [Fact]
    public void A_filter_keeps_bins_by_their_mean_in_training_and_scoring()
    {
        var all = Wiener(Data, new TrainingOptions { Outputs = ["x"] });
        var fast = Wiener(Data, new TrainingOptions { Outputs = ["x"], Filter = "speed > 3" });
        var slow = Wiener(Data, new TrainingOptions { Outputs = ["x"], Filter = "speed<=3.0" });
        Assert.Equal(all.Report.TrainBins, fast.Report.TrainBins + slow.Report.TrainBins);
        Assert.Equal(all.Report.Test["all"]["pairs"], fast.Report.Test["all"]["pairs"] + slow.Report.Test["all"]["pairs"]);
        Assert.Equal("speed > 3", fast.File.Config.Training.Filter);
        Assert.NotEqual(0, slow.Report.TrainBins);
    }

    [Theory]
    [InlineData("speed", "cannot be read")]
    [InlineData("speed > fast", "cannot be read")]
    [InlineData("sped > 3", "the nearest is 'speed'")]
    [InlineData("1 < speed < 3", "cannot be read")]
    public void A_filter_that_cannot_be_read_is_told_of(string filter, string expected) =>
        Assert.Contains(expected, Assert.Throws<TrainingException>(() => Wiener(Data, new TrainingOptions { Filter = filter })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Unknown_names_are_answered_with_the_nearest()
    {
        Assert.Contains("'direction'",
            Assert.Throws<TrainingException>(() => Wiener(Data, new TrainingOptions { Outputs = ["directoin"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains("'kalman'",
            Assert.Throws<TrainingException>(() => BaselineTrainer.Train("kallman", Data, new TrainingOptions())).Message,
            StringComparison.Ordinal);
        Assert.Contains("asked for twice",
            Assert.Throws<TrainingException>(() => Wiener(Data, new TrainingOptions { Outputs = ["x", "x"] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Options_outside_their_range_are_refused_by_name()
    {
        foreach (var (options, name) in new (TrainingOptions, string)[]
        {
            (new() { BinMs = 0 }, "BinMs"), (new() { BinMs = double.NaN }, "BinMs"), (new() { Lags = 0 }, "Lags"),
                (new() { Penalties = [] }, "Penalties"), (new() { Penalties = [-1] }, "Penalties"),
            (new() { Kalman = new() { LagBins = [-1] } }, "Kalman.LagBins"), (new() { Bayes = new() { Cells = 1 } }, "Bayes.Cells"),
            (new() { Bayes = new() { MinimumRateHz = 0 } }, "Bayes.MinimumRateHz"),
                (new() { Bayes = new() { TuningBinMs = -2 } }, "Bayes.TuningBinMs"),
        })
        {
            Assert.Contains(name, Assert.Throws<TrainingException>(() => Wiener(Data, options)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sessions_without_the_intervals_needed_are_told_of()
    {
        Assert.Contains("no training interval",
            Assert.Throws<TrainingException>(() => Wiener(Data.With(train: []), new TrainingOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("choose the penalty",
            Assert.Throws<TrainingException>(() => Wiener(Data.With(valid: []), new TrainingOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("lag",
            Assert.Throws<TrainingException>(() => KalmanTrainer.Train(Data.With(valid: []), new TrainingOptions { Outputs = ["x"] }))
            .Message, StringComparison.Ordinal);
        var single = Wiener(Data.With(valid: [], test: []), new TrainingOptions { Penalties = [10] });
        Assert.Null(single.File.Config.Training.ValidationScore);
        Assert.Equal(0, single.Report.Test["all"]["pairs"]);
    }

    [Fact]
    public void History_does_not_cross_an_interval_border()
    {
        var options = new TrainingOptions { Outputs = ["x"], BinMs = 100, Lags = 4 };
        var joined = Wiener(Data.With(train: [new TimeRange(0, 10)]), options);
        var split = Wiener(Data.With(train: [new TimeRange(0, 5), new TimeRange(5, 10)]), options);
        Assert.Equal(97, joined.Report.TrainBins);
        Assert.Equal(94, split.Report.TrainBins);
    }

    [Fact]
    public void More_features_than_can_be_solved_are_refused_before_any_work() =>
        Assert.Contains("use fewer",
            Assert.Throws<TrainingException>(() =>
            Wiener(SyntheticSession.Make(units: 20, seconds: 5), new TrainingOptions { Lags = 1000 })).Message,
            StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Bayes_asks_for_one_place_or_one_direction() =>
        Assert.Contains("Name the outputs",
            Assert.Throws<TrainingException>(() => BayesTrainer.Train(Data, new TrainingOptions { Outputs = ["x", "y", "speed"] })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_occupancy_prior_leans_to_where_the_animal_was()
    {
        var options = new TrainingOptions { BinMs = 200, Outputs = ["x"] };
        var values = new float[1];
        var flat = BayesTrainer.Train(Data, options).Decoder;
        var leaning = BayesTrainer.Train(Data, options with { Bayes = new BayesOptions { Prior = BayesPrior.Occupancy } });
        flat.Decode(new SpikeWindow(0, 200_000_000, [], []), values);
        var fromFlat = values[0];
        leaning.Decoder.Decode(new SpikeWindow(0, 200_000_000, [], []), values);
        Assert.NotEqual(fromFlat, values[0]);
        Assert.Contains("occupancy", leaning.File.Config.Settings!.ToJsonString(), StringComparison.Ordinal);
    }

    private static TrainedModel Wiener(Session session, TrainingOptions options) => WienerTrainer.Train(session, options);

    private static IEnumerable<string> Names(TrainedModel model) => model.Decoder.Description.Outputs.Select(output => output.Name);

    private static Session Constant(string channel, float value)
    {
        var values = (float[])Data.BehaviourValues.Clone();
        for (var at = Data.BehaviourColumn(channel); at < values.Length; at += 6) values[at] = value;
        return Data.With(values: values);
    }

    private sealed class Immediate(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
