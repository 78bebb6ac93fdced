using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Calibration;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Transformer;

namespace Realtime.Models.Tests.Calibration;

/// <summary>Small networks trained on made-up animals, and calibrated to others of the same kind.</summary>
public sealed class CalibratorTests : IClassFixture<CalibratorTests.Trained>
{
    private static readonly CalibrationOptions Quick = new() { Minutes = 1, Epochs = 25, LearningRate = 0.03, CompareScratch = false, Threads = 2 };

    private readonly Trained _trained;

    public CalibratorTests(Trained trained) => _trained = trained;

    [Theory]
    [InlineData("possm")]
    [InlineData("poyo")]
    public void New_units_learn_while_all_else_stays_to_the_bit(string kind)
    {
        var model = _trained.Of(kind);
        var animal = Animal("mouse 3", 14, 33);
        var result = new Calibrator(model, Quick).Calibrate(animal);
        Assert.Equal((0, 14), result.Units);
        var (after, before) = (Row(result, $"{kind} calibrated"), Row(result, $"{kind} not calibrated"));
        Assert.True(after > 0.15, $"{after}");
        Assert.True(after > before + 0.1, $"{after} {before}");

        using var file = ModelFile.Parse(result.Model, "calibrated");
        Assert.Equal(animal.Units.Units, file.Config.Units);
        foreach (var tensor in model.Tensors.Tensors.Values)
        {
            var old = model.Tensors.Bytes(tensor.Name);
            var now = file.Tensors.Bytes(tensor.Name);
            if (tensor.Name is "unit_emb.weight" or "session_emb.weight") Assert.True(now.Length > old.Length);
            Assert.True(now[..old.Length].SequenceEqual(old), tensor.Name);
        }

        // What the table says is what the decoder of the file does.
        var decoder = ModelLoader.Create(file);
        var step = kind == "possm" ? file.Config.BinNs : file.Config.TargetNs;
        var again = SessionEvaluator.Evaluate(decoder, animal, animal.Test, step, null, file.Config.Training.TargetMean).Scores()["all"]["mean_r2"];
        Assert.Equal(again, result.Fitness.Score);
        (decoder as IDisposable)?.Dispose();
        Assert.Equal(model.Hash, file.Config.Training.Calibration!.From);
        Assert.Equal([animal.Test[0].Start, animal.Test[0].End], file.Config.Training.Fitness!.HeldOut[0]);
        Assert.Equal(1, file.Config.Training.Fitness.Minutes);
        Assert.Equal(60, file.Config.Training.Train.Sum(range => range[1] - range[0]), 6);

        // It can be calibrated again.
        Assert.Equal((14, 14), new Calibrator(file, Quick with { Epochs = 1 }).Calibrate(animal).Units);
    }

    [Fact]
    public void The_same_arguments_give_the_same_file_with_any_number_of_threads()
    {
        var animal = Animal("mouse 3", 10, 34);
        var options = Quick with { Epochs = 3 };
        var one = new Calibrator(_trained.Possm, options with { Threads = 1 }).Calibrate(animal).Model;
        Assert.Equal(one, new Calibrator(_trained.Possm, options with { Threads = 3 }).Calibrate(animal).Model);
        Assert.NotEqual(one, new Calibrator(_trained.Possm, options with { Threads = 1, Seed = 2 }).Calibrate(animal).Model);
    }

    [Fact]
    public void The_same_animal_on_another_day_begins_with_its_units()
    {
        var day2 = Animal("mouse 2, day 2", 12, 99);
        var result = new Calibrator(_trained.Possm, Quick with { SameUnits = true, Epochs = 1, LearningRate = 1e-9 }).Calibrate(day2);
        Assert.Equal((12, 12), result.Units);
        using var file = ModelFile.Parse(result.Model, "calibrated");
        var (rows, rowsBefore) = (UnitRows(file), UnitRows(_trained.Possm));
        var (now, then) = (file.Tensors.Floats("unit_emb.weight"), _trained.Possm.Tensors.Floats("unit_emb.weight"));
        for (var unit = 0; unit < 12; unit++)
            for (var i = 0; i < 16; i++) Assert.Equal(then[rowsBefore[unit] * 16 + i], now[rows[unit] * 16 + i], 1e-6f);

        var strange = Renamed(day2, "other");
        var message = Assert.Throws<TrainingException>(() => new Calibrator(_trained.Possm, Quick with { SameUnits = true }).Calibrate(strange)).Message;
        Assert.Contains("other/Electrode 1#1", message);
        Assert.Contains("probe/Electrode 1#1", message);
    }

    [Fact]
    public void A_session_of_a_known_name_keeps_its_rows_and_others_can_be_cut()
    {
        var known = Animal("mouse 1", 10, 31);
        var result = new Calibrator(_trained.Possm, Quick with { Epochs = 1, Cut = true }).Calibrate(known);
        Assert.Equal((10, 10), result.Units);
        using var file = ModelFile.Parse(result.Model, "cut");
        Assert.Equal([11L, 16L], file.Tensors.Info("unit_emb.weight").Shape);
        Assert.Equal([2L, 16L], file.Tensors.Info("session_emb.weight").Shape);
    }

    [Fact]
    public void Latents_and_the_whole_network_learn_only_when_asked()
    {
        var animal = Animal("mouse 3", 10, 35);
        Assert.Equal(["session_emb.weight", "unit_emb.weight"], Changed(Quick with { Epochs = 2 }));
        Assert.Equal(["latent_emb.weight", "session_emb.weight", "unit_emb.weight"], Changed(Quick with { Epochs = 2, TrainLatents = true }));
        Assert.True(Changed(Quick with { Epochs = 3, UnfreezeAt = 2 }).Length > 15);
        Assert.True(Changed(Quick with { Epochs = 1, UnfreezeAt = 0 }).Length > 15);

        string[] Changed(CalibrationOptions options)
        {
            using var file = ModelFile.Parse(new Calibrator(_trained.Possm, options).Calibrate(animal).Model, "changed");
            return [.. file.Tensors.Tensors.Keys.Where(name => !file.Tensors.Bytes(name).SequenceEqual(_trained.Possm.Tensors.Bytes(name))).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public void The_table_holds_the_baseline_scratch_and_the_constant_and_the_judgement_follows_it()
    {
        var animal = Animal("mouse 3", 14, 36);
        var result = new Calibrator(_trained.Possm, Quick with { Epochs = 2, LearningRate = 1e-9, CompareScratch = true }).Calibrate(animal);
        Assert.Equal(["possm calibrated", "possm not calibrated", "wiener", "possm from scratch", "constant"], result.Scores.Rows.Select(row => row.Predictor));
        Assert.All(result.Scores.Rows, row => Assert.Equal(ScoreTiming.Causal, row.Timing));
        Assert.Equal(Row(result, "wiener"), result.Fitness.BaselineScore);
        Assert.Equal(FitnessVerdict.Unfit, result.Fitness.Verdict);
        Assert.True(result.Fitness.BaselineScore > result.Fitness.Score);
        Assert.Equal(FitnessVerdict.Forced, new Calibrator(_trained.Possm, Quick with { Epochs = 1, LearningRate = 1e-9, Force = true }).Calibrate(animal).Fitness.Verdict);
    }

    [Theory]
    [InlineData(0.3, 0.2, false, FitnessVerdict.Fit)]
    [InlineData(0.3, 0.2, true, FitnessVerdict.Fit)]
    [InlineData(0.3, 0.3, false, FitnessVerdict.Unfit)]
    [InlineData(0.2, 0.3, true, FitnessVerdict.Forced)]
    [InlineData(0.3, null, false, FitnessVerdict.Fit)]
    [InlineData(-0.1, -0.5, false, FitnessVerdict.Unfit)]
    [InlineData(null, null, false, FitnessVerdict.Unfit)]
    [InlineData(null, 0.1, true, FitnessVerdict.Forced)]
    public void A_model_is_fit_that_beats_the_baseline_and_the_mean(double? score, double? baseline, bool force, FitnessVerdict verdict) =>
        Assert.Equal(verdict, LiveFitness.Judge(score, baseline, force));

    [Fact]
    public void Ten_spikes_are_told()
    {
        var animal = Animal("mouse 3", 10, 37);
        var poor = With(animal, spikes: 10);
        Assert.Contains("hold 10 spikes", Refused(poor));
    }

    [Fact]
    public void Behaviour_that_lacks_an_output_or_never_varies_is_named()
    {
        var animal = Animal("mouse 3", 10, 38);
        Assert.Contains("'cos_direction'", Refused(With(animal, without: "direction")));
        var degrees = animal.Behaviour.Select(channel => channel.Name == "sin_direction" ? channel with { Unit = "per mille" } : channel).ToArray();
        Assert.Contains("'sin_direction' is in '1' in the model, but in 'per mille'", Refused(Copy(animal, animal.Name, animal.Units, animal.SpikeSamples.Length, degrees, animal.BehaviourValues)));
        Assert.Contains("never varies", Refused(With(animal, constant: "cos_direction")));
    }

    [Fact]
    public void A_unit_that_never_fires_is_noted_and_does_no_harm()
    {
        var animal = Named(SyntheticSession.Make(units: 10, seconds: 150, seed: 39, silent: 4), "mouse 3");
        var result = new Calibrator(_trained.Possm, Quick with { Epochs = 1 }).Calibrate(animal);
        Assert.Contains(result.Notes, note => note.Contains("1 of 10 units never fire"));
        Assert.NotNull(result.Fitness.Score);
    }

    [Theory]
    [InlineData(100.0, null, "has 1.5 min to calibrate on, not 100")]
    [InlineData(0.01, null, "at the very least")]
    [InlineData(1.0, 0.5, "Leave one out")]
    [InlineData(-1.0, null, "minutes is -1")]
    public void Minutes_that_cannot_be_are_told(double? minutes, double? share, string words) =>
        Assert.Contains(words, Refused(Animal("mouse 3", 10, 40), Quick with { Minutes = minutes, Share = share }));

    [Fact]
    public void Without_splits_the_rest_is_held_out_and_something_must_be_left()
    {
        var animal = Animal("mouse 3", 10, 41);
        var result = new Calibrator(_trained.Possm, Quick with { Epochs = 1, HoldOutRest = true }).Calibrate(animal);
        Assert.Equal([60.0, 150.0], result.Fitness.HeldOut[0]);
        Assert.Contains("held out to judge", Refused(animal, Quick with { HoldOutRest = true, Minutes = 2.5 }));
    }

    [Fact]
    public void Linear_decoders_random_weights_and_imports_are_not_calibrated()
    {
        var animal = Animal("mouse 3", 10, 42);
        using var wiener = BaselineTrainer.Train("wiener", animal, new TrainingOptions()).File;
        Assert.Contains("fitted to one session's units", Assert.Throws<TrainingException>(() => new Calibrator(wiener, Quick)).Message);
        using var random = ModelFile.Parse(PossmRandom.Create(new PossmConfig { Dim = 16, DimHead = 8, RnnDim = 12 }, new RandomModelOptions
        {
            Units = animal.Units.Units,
            Outputs = [new OutputChannel("x", "cm")],
            Session = "s",
        }), "random");
        Assert.Contains("not trained by this program", Assert.Throws<TrainingException>(() => new Calibrator(random, Quick)).Message);
    }

    private string Refused(Session session, CalibrationOptions? options = null) =>
        Assert.Throws<TrainingException>(() => new Calibrator(_trained.Possm, options ?? Quick).Calibrate(session)).Message;

    private static int[] UnitRows(ModelFile file) => [.. file.Config.Settings!["unit_rows"]!.AsArray().Select(row => row!.GetValue<int>())];

    private static double Row(CalibrationResult result, string predictor) => result.Scores.Rows.Single(row => row.Predictor == predictor).Values["all/mean_r2"];

    private static Session Animal(string name, int units, int seed) => Named(SyntheticSession.Make(units, seconds: 150, seed: seed), name);

    private static Session Named(Session session, string name) => Copy(session, name, session.Units, session.SpikeSamples.Length, session.Behaviour, session.BehaviourValues);

    private static Session Renamed(Session session, string stream) =>
        Copy(session, session.Name, new UnitTable(session.Units.Units.Select(unit => unit with { Stream = stream })), session.SpikeSamples.Length, session.Behaviour, session.BehaviourValues);

    private static Session With(Session session, int? spikes = null, string? without = null, string? constant = null)
    {
        var channels = session.Behaviour.Select(channel => without is not null && channel.Name.EndsWith(without, StringComparison.Ordinal) ? new OutputChannel($"odd {channel.Name}", "") : channel).ToArray();
        var values = (float[])session.BehaviourValues.Clone();
        if (constant is not null)
            for (var at = session.BehaviourColumn(constant); at < values.Length; at += channels.Length) values[at] = 1;
        return Copy(session, session.Name, session.Units, spikes ?? session.SpikeSamples.Length, channels, values);
    }

    private static Session Copy(Session session, string name, UnitTable units, int spikes, IReadOnlyList<OutputChannel> behaviour, float[] values) => new()
    {
        Name = name,
        SampleRateHz = session.SampleRateHz,
        Units = units,
        SpikeSamples = session.SpikeSamples[..spikes],
        SpikeUnits = session.SpikeUnits[..spikes],
        Behaviour = behaviour,
        BehaviourSamples = session.BehaviourSamples,
        BehaviourValues = values,
        DurationSeconds = session.DurationSeconds,
        Segments = session.Segments,
        Train = session.Train,
        Valid = session.Valid,
        Test = session.Test,
    };

    /// <summary>Models of two animals, trained once for all tests.</summary>
    public sealed class Trained : IDisposable
    {
        private static readonly TrainingRecipe Recipe = new()
        {
            Kind = PossmRandom.Kind,
            Possm = new PossmConfig { Dim = 16, DimHead = 16, RnnDim = 24, SequenceLength = 1, SelfHeads = 1 },
            Poyo = new PoyoConfig { SequenceLength = 0.5, LatentStep = 0.25, NumLatentsPerStep = 4, Dim = 16, Depth = 1, DimHead = 16, CrossHeads = 1, SelfHeads = 1 },
            TargetMs = 50,
            Outputs = ["cos_direction", "sin_direction"],
            BatchWindows = 16,
            Epochs = 20,
            WindowsPerEpoch = 160,
            Optimizer = OptimizerKind.Adamw,
            LearningRate = 1e-2,
            WeightDecay = 1e-3,
            Schedule = new OneCycleRecipe { WarmUp = 0.2, DivFactor = 10, FinalDivFactor = 100 },
            UnitDropoutShare = 0.2,
            EvaluateEvery = 20,
            QueryStepMs = 100,
            BurnInS = 0.1,
        };

        private readonly Lazy<ModelFile> _possm = new(() => Train(Recipe));
        private readonly Lazy<ModelFile> _poyo = new(() => Train(Recipe with { Kind = PoyoRandom.Kind }));

        public ModelFile Possm => _possm.Value;

        public ModelFile Of(string kind) => kind == PossmRandom.Kind ? _possm.Value : _poyo.Value;

        public void Dispose()
        {
            if (_possm.IsValueCreated) _possm.Value.Dispose();
            if (_poyo.IsValueCreated) _poyo.Value.Dispose();
        }

        private static ModelFile Train(TrainingRecipe recipe)
        {
            var training = TransformerTrainer.Train([Animal("mouse 1", 10, 31), Animal("mouse 2", 12, 32)], recipe, new TrainerOptions { Threads = 2 });
            return ModelFile.Parse(training.Model!, "trained");
        }
    }
}
