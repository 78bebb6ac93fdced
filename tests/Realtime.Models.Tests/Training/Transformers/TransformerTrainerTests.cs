using Realtime.Engine.Sessions;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Tests.Training.Transformers;

/// <summary>Training of the real networks, end to end, on made-up sessions.</summary>
public sealed class TransformerTrainerTests
{
    private static readonly TrainingRecipe Possm = new()
    {
        Kind = "possm",
        Possm = new PossmConfig { Dim = 16, DimHead = 16, RnnDim = 24, SequenceLength = 2, SelfHeads = 1 },
        TargetMs = 50,
        Outputs = ["cos_direction", "sin_direction"],
        BatchWindows = 8,
        Epochs = 12,
        WindowsPerEpoch = 64,
        Optimizer = OptimizerKind.Adamw,
        LearningRate = 5e-3,
        WeightDecay = 1e-3,
        Schedule = new OneCycleRecipe { WarmUp = 0.2, DivFactor = 10, FinalDivFactor = 100 },
        Dropout = new DropoutRates { Ffn = 0.1, State = 0.1 },
        EvaluateEvery = 4,
        BurnInS = 0.3,
    };

    private static readonly TrainingRecipe Poyo = Possm with
    {
        Kind = "poyo",
        Poyo = new PoyoConfig { SequenceLength = 0.8, LatentStep = 0.2, NumLatentsPerStep = 2, Dim = 16, Depth = 1, DimHead = 16, CrossHeads = 1, SelfHeads = 1 },
        QueryStepMs = 100,
        WindowsPerEpoch = 128,
        BurnInS = 0,
    };

    [Theory]
    [InlineData("possm")]
    [InlineData("poyo")]
    public void A_network_learns_to_decode_causally_better_than_the_constant_and_any_threads_give_the_same_file(string kind)
    {
        var (recipe, session) = (kind == "possm" ? Possm : Poyo, SyntheticSession.Make(units: 16, seconds: 150));
        var one = TransformerTrainer.Train([session], recipe, new TrainerOptions());
        Assert.True(one.Result.BestScore > 0.3, $"{one.Result.BestScore}");
        Assert.Equal(one.Model, TransformerTrainer.Train([session], recipe, new TrainerOptions { Threads = 3 }).Model);

        using var file = ModelFile.Parse(one.Model!, "the model");
        var decoder = ModelLoader.Create(file);
        using var owned = decoder as IDisposable;
        var training = file.Config.Training;
        Assert.Equal((one.Result.BestScore, 12, one.Result.BestEpoch), (training.ValidationScore, training.Epochs, training.BestEpoch));
        Assert.Equal(TrainingRecipeJson.Write(recipe).ToJsonString(), training.Recipe!.ToJsonString());
        Assert.Equal(recipe.WindowS * one.Result.Windows, training.DataSeconds);

        var table = new TransformerScores(recipe, one.Sessions, 2).Test(one.Result.Tensors!, baselines: false, null, null, CancellationToken.None);
        double R2(string predictor, ScoreTiming timing) => table.Rows.Single(row => row.Predictor == predictor && row.Timing == timing).Values["all/mean_r2"];
        Assert.True(R2(kind, ScoreTiming.Causal) > R2("constant", ScoreTiming.Causal) + 0.2);
        Assert.True(R2(kind, ScoreTiming.OfflineStitched) > R2("constant", ScoreTiming.Causal) + 0.2);

        // What was scored on the way is what evaluation says of the file.
        var hop = kind == "possm" ? file.Config.BinNs : file.Config.TargetNs;
        var again = SessionEvaluator.Evaluate(decoder, session, session.Test, hop, null, training.TargetMean).Scores();
        Assert.Equal(again["all"]["mean_r2"], R2(kind, ScoreTiming.Causal));
    }

    [Fact]
    public void Sessions_of_different_units_and_behaviour_make_one_model()
    {
        var first = Named(SyntheticSession.Make(units: 10, seconds: 100, seed: 2), "monkey A");
        var second = Named(SyntheticSession.Make(units: 14, seconds: 120, seed: 3), "monkey B", "cos_direction", "sin_direction");
        var recipe = Possm with { Outputs = ["x", "cos_direction", "sin_direction"], Epochs = 4 };
        var training = TransformerTrainer.Train([first, second], recipe, new TrainerOptions { Threads = 2 }, live: "monkey A");
        using var file = ModelFile.Parse(training.Model!, "the model");
        var settings = System.Text.Json.JsonSerializer.SerializeToNode(file.Config.Settings)!;
        Assert.Equal(["x", "cos_direction", "sin_direction"], file.Config.Outputs.Select(output => output.Name));
        Assert.Equal("monkey A", settings["session"]!.GetValue<string>());
        Assert.Equal(25, settings["unit_vocab"]!.AsArray().Count);
        Assert.Equal("monkey B/" + second.Units[0], settings["unit_vocab"]![11]!.GetValue<string>());
        var sessions = settings["sessions"]!.AsArray();
        Assert.Equal(["monkey A", "monkey B"], sessions.Select(session => session!["word"]!.GetValue<string>()));
        Assert.Equal("x", sessions[1]!["lacks"]![0]!.GetValue<string>());
        Assert.Equal(["monkey A", "monkey B"], file.Config.Training.Sessions);
        Assert.Equal(first.Units.Units, file.Config.Units);
        Assert.True(double.IsFinite(training.Result.BestScore));
        ModelLoader.Create(file);

        var message = Assert.Throws<TrainingException>(() => TransformerTrainer.Train([first, second], recipe, new TrainerOptions(), live: "monkey C")).Message;
        Assert.Contains("monkey C", message);
        Assert.Contains("monkey A", message);
    }

    [Theory]
    [InlineData("possm")]
    [InlineData("poyo")]
    public void A_stopped_training_goes_on_to_the_same_file(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("rtdecode training").FullName;
        try
        {
            var recipe = (kind == "possm" ? Possm : Poyo) with { Epochs = 3, WindowsPerEpoch = 24, AverageWeights = 0.9, EvaluateEvery = 2, UnitDropoutShare = 0.2, TimeJitterMs = 2 };
            var session = SyntheticSession.Make(units: 8, seconds: 60);
            var whole = TransformerTrainer.Train([session], recipe, new TrainerOptions());
            foreach (var stopAt in new[] { 1, 4, 7 })
            {
                using var stop = new CancellationTokenSource();
                var options = new TrainerOptions { Checkpoint = Path.Combine(folder, $"{stopAt}"), Progress = progress => { if (progress.Steps == stopAt) stop.Cancel(); } };
                Assert.Equal(TrainerStop.Interrupted, TransformerTrainer.Train([session], recipe, options, cancellation: stop.Token).Result.Stop);
                var rest = TransformerTrainer.Train([session], recipe, options with { Progress = null, Resume = true });
                Assert.Equal(whole.Result.Curve, rest.Result.Curve);
                Assert.Equal(whole.Model, rest.Model);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_huge_learning_rate_ends_with_a_reason()
    {
        var result = TransformerTrainer.Train([SyntheticSession.Make(units: 8, seconds: 60)], Possm with { LearningRate = 1e6, WeightDecay = 1, ClipNorm = 0, Epochs = 50 }, new TrainerOptions()).Result;
        Assert.Equal(TrainerStop.Diverged, result.Stop);
        Assert.Contains("learning rate", result.Reason);
    }

    [Fact]
    public void A_target_that_never_varies_is_named()
    {
        var session = SyntheticSession.Make(units: 8, seconds: 60);
        for (var row = 0; row < session.BehaviourSamples.Length; row++) session.BehaviourValues[row * session.Behaviour.Count] = 0.25f;
        var message = Assert.Throws<TrainingException>(() => TransformerTrainer.Train([session], Possm with { Outputs = ["x"] }, new TrainerOptions())).Message;
        Assert.Contains("'x'", message);
        Assert.Contains("0.25", message);
    }

    private static Session Named(Session session, string name, params string[] channels)
    {
        var columns = Enumerable.Range(0, session.Behaviour.Count).Where(column => channels.Length == 0 || channels.Contains(session.Behaviour[column].Name)).ToArray();
        return new Session
        {
            Name = name,
            SampleRateHz = session.SampleRateHz,
            Units = session.Units,
            SpikeSamples = session.SpikeSamples,
            SpikeUnits = session.SpikeUnits,
            Behaviour = [.. columns.Select(column => session.Behaviour[column])],
            BehaviourSamples = session.BehaviourSamples,
            BehaviourValues = [.. Enumerable.Range(0, session.BehaviourSamples.Length).SelectMany(row => columns.Select(column => session.BehaviourValues[row * session.Behaviour.Count + column]))],
            DurationSeconds = session.DurationSeconds,
            Segments = session.Segments,
            Train = session.Train,
            Valid = session.Valid,
            Test = session.Test,
        };
    }
}
