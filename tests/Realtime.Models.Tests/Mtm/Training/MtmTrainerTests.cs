using System.Text.Json.Nodes;
using Realtime.Engine.Decoding;
using Realtime.Models.Mtm;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Mtm.Training;

public sealed class MtmTrainerTests
{
    [Fact]
    public void What_is_learned_beats_mean_rates_and_decodes_behaviour()
    {
        var training = MtmTrainer.Train([TrialSession.Make(trials: 150)], Recipe with { Epochs = 60 }, new TrainerOptions { Threads = 2 });
        Assert.Equal(TrainerStop.Finished, training.Result.Stop);
        var table = MtmScores.Rates(training, baselines: true);
        foreach (var task in new[] { MtmTask.CoSmoothing, MtmTask.InterRegion })
        {
            var rows = table.Rows.Where(row => row.Task == task).ToDictionary(row => row.Predictor, row => row.Scores.Mean);
            Assert.True(rows["mtm"] > rows["mean rate"] + 0.02, $"{task}: {rows["mtm"]:F3} against {rows["mean rate"]:F3} of mean rates");
            Assert.True(rows["low-rank glm"] > rows["mean rate"] + 0.02);
        }

        var behaviour = MtmScores.Behaviour(training)!;
        Assert.True(behaviour.Rows[0].Values["side/r2"] > 0.5, behaviour.ToMarkdown());
        Assert.Contains("co-smoothing", table.ToMarkdown(), StringComparison.Ordinal);
        Assert.Equal(table.Rows.Count, table.ToJson()["rows"]!.AsArray().Count);

        // The file is whole, and its head gives what was scored.
        using var file = ModelFile.Parse(training.Model!, "trained");
        var settings = file.Config.Settings!;
        Assert.Equal(("behaviour", training.Head!.Bins, "trials"), ((string?)settings["readout"], (int?)settings["head_bins"], (string?)settings["session"]));
        Assert.Equal(training.Head.Weight, file.Tensors.Floats("behaviour_head.weight"));
        Assert.Equal(["side"], file.Config.Outputs.Select(output => output.Name));
        Assert.Equal(18, settings["sessions"]![0]!["regions"]!.AsArray().Count);
        var read = MtmWeights.Read(new WeightReader(file.Tensors), training.Recipe.Model, training.Sessions[0].Stitcher, 18);
        Assert.Equal(18, read.Neurons);
    }

    [Fact]
    public void The_same_training_gives_the_same_bytes_with_any_threads_and_after_an_interruption()
    {
        var sessions = new[] { TrialSession.Make("a", units: 6, trials: 20), TrialSession.Make("b", units: 9, trials: 20, seed: 3) };
        var recipe = Recipe with { Epochs = 4, EvaluateEvery = 2, Dropout = new() { Embedding = 0.1, Transformer = 0.2 } };
        var whole = MtmTrainer.Train(sessions, recipe, new TrainerOptions()).Model!;
        Assert.Equal(whole, MtmTrainer.Train(sessions, recipe, new TrainerOptions { Threads = 3 }).Model!);

        var path = Path.Combine(Path.GetTempPath(), $"mtm-{Guid.NewGuid():N}.checkpoint");
        try
        {
            using var stop = new CancellationTokenSource();
            var options = new TrainerOptions { Checkpoint = path, CheckpointEvery = TimeSpan.Zero, Resume = true };
            var broken = MtmTrainer.Train(sessions, recipe, options with { Progress = at => Stop(at.Steps) }, cancellation: stop.Token);
            Assert.Equal(TrainerStop.Interrupted, broken.Result.Stop);
            Assert.Equal(whole, MtmTrainer.Train(sessions, recipe, options).Model!);

            void Stop(long steps)
            {
                if (steps >= 5) stop.Cancel();
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_new_session_first_fits_its_stitchers_to_a_trunk_that_stays()
    {
        var first = MtmTrainer.Train([TrialSession.Make("a", units: 9, trials: 30)], Recipe with { Epochs = 3 }, new TrainerOptions());
        using var start = ModelFile.Parse(first.Model!, "first");
        var session = TrialSession.Make("b", units: 12, trials: 30, seed: 5);
        using var stitched = Adapt(epochs: 2, stitcherEpochs: 2);
        using var all = Adapt(epochs: 4, stitcherEpochs: 2);
        const string trunk = "encoder.layers.0.attn.query.weight";
        Assert.Equal(start.Tensors.Floats(trunk), stitched.Tensors.Floats(trunk));
        Assert.NotEqual(start.Tensors.Floats(trunk), all.Tensors.Floats(trunk));
        var known = stitched.Config.Settings!["sessions"]!.AsArray().Single()!;
        Assert.Equal(("b", 1), ((string?)known["word"], (int?)known["row"]));

        // A session that the model knows keeps its row and stitcher.
        var again = MtmTrainer.Train([TrialSession.Make("a", units: 9, trials: 30)], Recipe with { Epochs = 1 }, new TrainerOptions(), start: start);
        Assert.Equal(("a", 0), (again.Sessions[0].Stitcher, again.Sessions[0].Row));
        Assert.Contains("another name", Assert.Throws<TrainingException>(() =>
            MtmTrainer.Train([TrialSession.Make("a", units: 10)], Recipe, new TrainerOptions(), start: start)).Message, StringComparison.Ordinal);

        ModelFile Adapt(int epochs, int stitcherEpochs) => ModelFile.Parse(MtmTrainer.Train(
            [session], Recipe with { Epochs = epochs, StitcherEpochs = stitcherEpochs, EvaluateEvery = epochs }, new TrainerOptions(), start: start).Model!, "adapted");
    }

    [Fact]
    public void Recordings_of_equal_size_have_stitchers_of_their_own()
    {
        var sessions = new[] { TrialSession.Make("a", units: 9, trials: 20), TrialSession.Make("b", units: 9, trials: 20, seed: 3) };
        var training = MtmTrainer.Train(sessions, Recipe with { Epochs = 2, EvaluateEvery = 2 }, new TrainerOptions(), live: "a");
        using var file = ModelFile.Parse(training.Model!, "both");
        var (a, b) = (MtmWeights.StitcherName("a") + ".weight", MtmWeights.StitcherName("b") + ".weight");
        Assert.NotEqual(file.Tensors.Floats(a), file.Tensors.Floats(b));
        Assert.Equal("mtm", new MtmDecoder(file).Description.Name);
    }

    [Fact]
    public void Rotary_positions_are_trained_and_run_live_without_trials()
    {
        var recipe = Recipe with { Positions = MtmPositions.Rotary, ContextBackward = 4, Epochs = 30, EvaluateEvery = 30, HiddenAs = MtmHidden.Mean };
        var training = MtmTrainer.Train([TrialSession.Make(trials: 80)], recipe, new TrainerOptions { Threads = 2 });
        Assert.True(training.Result.Curve[^1].Loss < training.Result.Curve[0].Loss, $"{training.Result.Curve[0].Loss}, {training.Result.Curve[^1].Loss}");
        using var file = ModelFile.Parse(training.Model!, "rotary");
        Assert.DoesNotContain(file.Tensors.Tensors.Keys, name => name.Contains("embed_pos", StringComparison.Ordinal));
        var decoder = new MtmDecoder(file);
        Assert.False(decoder.Description.NeedsTrials);
        var recording = training.Recordings[0];
        using var evaluator = training.Evaluator()!;
        var states = evaluator.States(0, MtmPrompt.Causal, recording, recording.Test);
        var (head, answer, due) = (training.Head!, new float[1], new float[1]);
        for (var trial = 0; trial < recording.Test.Count; trial++)
        {
            decoder.Reset();
            for (var bin = 0; bin < 20; bin++)
            {
                int[] units = [.. Enumerable.Range(0, 18).SelectMany(unit => Enumerable.Repeat(unit, (int)recording.Test[trial].Counts[bin * 18 + unit]))];
                var start = bin * recording.BinNs;
                decoder.Decode(new SpikeWindow(start, start + recording.BinNs, Array.ConvertAll(units, _ => start), units), answer);
                if (bin < head.Bins - 1) continue;
                head.Answer(states[trial], evaluator.HiddenSize, bin, due);
                Assert.Equal(due[0], answer[0], 1e-4f);
            }
        }

        Assert.All(Verifier.Run(file), result => Assert.True(result.Pass, $"{result.Name}: {result.Stages[0].MaxAbsDiff}"));
        Assert.Contains("learned ones", Assert.Throws<TrainingException>(() => MtmTrainer.Train(
            [TrialSession.Make(trials: 20)], recipe, new TrainerOptions(), start: Learned())).Message, StringComparison.Ordinal);

        static ModelFile Learned() => ModelFile.Parse(MtmTrainer.Train([TrialSession.Make(trials: 20)], Recipe with { Epochs = 1, EvaluateEvery = 1 }, new TrainerOptions()).Model!, "learned");
    }

    [Fact]
    public void A_training_goes_on_only_from_the_model_and_regions_it_was_begun_with()
    {
        using var start = ModelFile.Parse(MtmTrainer.Train([TrialSession.Make("a", units: 6, trials: 20)], Recipe with { Epochs = 1 }, new TrainerOptions()).Model!, "start");
        var session = TrialSession.Make("b", units: 6, trials: 20);
        var path = Path.Combine(Path.GetTempPath(), $"mtm-{Guid.NewGuid():N}.checkpoint");
        try
        {
            using var stop = new CancellationTokenSource();
            var options = new TrainerOptions { Checkpoint = path, CheckpointEvery = TimeSpan.Zero, Resume = true };
            MtmTrainer.Train([session], Recipe, options with { Progress = _ => stop.Cancel() }, start: start, cancellation: stop.Token);
            Assert.Contains("to begin from no model", Assert.Throws<TrainingException>(() => MtmTrainer.Train([session], Recipe, options)).Message, StringComparison.Ordinal);
            var moved = session with { UnitRegions = [.. session.UnitRegions.Reverse()] };
            Assert.Contains("unit regions", Assert.Throws<TrainingException>(() => MtmTrainer.Train([moved], Recipe, options, start: start)).Message, StringComparison.Ordinal);
            Assert.Equal(TrainerStop.Finished, MtmTrainer.Train([session], Recipe, options, start: start).Result.Stop);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_penalty_at_the_edge_of_its_grid_is_told()
    {
        foreach (var penalties in new double[][] { [1e8, 1e9], [0.01, 10, 1e9], [10] })
        {
            var notes = new List<string>();
            var recipe = Recipe with { Behaviour = new MtmHeadRecipe { OnePerTrial = true, Bins = [15], Penalties = penalties } };
            var chosen = MtmTrainer.Train([TrialSession.Make(trials: 60)], recipe, new TrainerOptions(), notes: notes.Add).Head!.Penalties[0];
            var told = notes.SingleOrDefault(note => note.Contains("behaviour.penalties", StringComparison.Ordinal));
            Assert.Equal(penalties.Length > 1 && (chosen == penalties[0] || chosen == penalties[^1]), told is not null);
            if (penalties.Length == 2) Assert.Contains(chosen == 1e8 ? "for side, the smallest (100000000)" : "for side, the largest (1000000000)", told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Recipes_come_back_from_JSON()
    {
        foreach (var recipe in new[] { new MtmRecipe(), Recipe, Recipe with { Behaviour = null, HiddenAs = MtmHidden.Mean, LossPer = MtmLossUnit.Sum, StitcherWeightDecay = 3, Positions = MtmPositions.Rotary } })
        {
            var text = recipe.ToJson().ToJsonString();
            Assert.Equal(text, MtmRecipeJson.Read(JsonNode.Parse(text)!.AsObject(), "recipe").ToJson().ToJsonString());
        }

        Assert.Equal(new MtmRecipe().ToJson().ToJsonString(), MtmRecipeJson.Read(new JsonObject { ["kind"] = "mtm" }, "recipe").ToJson().ToJsonString());
        Assert.Throws<ModelFormatException>(() => MtmRecipeJson.Read(new JsonObject { ["epoch"] = 3 }, "recipe"));
    }

    [Fact]
    public void Recipes_and_sessions_that_cannot_be_are_refused_in_words()
    {
        Refused(Recipe with { PromptShares = [0, 0, 0, 0] }, "prompt_shares");
        Refused(Recipe with { Model = Recipe.Model with { UsePrompt = false } }, "use_prompt");
        Refused(Recipe with { StitcherEpochs = 3 }, "stitcher_epochs");
        Refused(Recipe with { PrincipalDirections = 100 }, "principal_directions");
        Refused(Recipe with { WeightDecay = 0, StitcherWeightDecay = 1 }, "weight_decay");
        Refused(Recipe with { PromptShares = [1, 0, 0, 0] }, "behaviour to null");
        Refused(Recipe with { PromptShares = [0, 0, 1, 0], Behaviour = null }, "unit_region", TrialSession.Make() with { UnitRegions = [] });
        Refused(Recipe with { Model = Recipe.Model with { NSessions = 1 } }, "session table", TrialSession.Make("a"), TrialSession.Make("b"));
        Refused(Recipe, "Two sessions", TrialSession.Make("a"), TrialSession.Make("a"));
        Refused(Recipe with { Model = Recipe.Model with { Stitching = false } }, "no stitchers", TrialSession.Make("a"));
        Refused(Recipe with { Behaviour = new() { Outputs = ["sides"] }, Epochs = 1 }, "nearest is 'side'", TrialSession.Make("a", trials: 10));

        static void Refused(MtmRecipe recipe, string word, params Engine.Sessions.Session[] sessions)
        {
            var error = Assert.Throws<TrainingException>(() => MtmTrainer.Train(sessions.Length == 0 ? [TrialSession.Make(trials: 10)] : sessions, recipe, new TrainerOptions()));
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Upstreams_shape_without_stitchers_session_or_prompt_trains_as_well()
    {
        var recipe = Recipe with
        {
            Epochs = 1,
            Model = Recipe.Model with { Stitching = false, NChannels = 18, UseSession = false, UsePrompt = false },
            PromptShares = [1, 0, 0, 0],
            PrincipalDirections = 0,
            LossPer = MtmLossUnit.Sum,
        };
        Assert.NotNull(MtmTrainer.Train([TrialSession.Make(trials: 10)], recipe, new TrainerOptions()).Model);
    }

    private static MtmRecipe Recipe { get; } = new()
    {
        Model = new MtmConfig { NChannels = 12, Mult = 2, HiddenSize = 16, InterSize = 32, NLayers = 1, NHeads = 2, MaxF = 20, NSessions = 4 },
        Epochs = 3,
        EvaluateEvery = 3,
        LearningRate = 5e-3,
        WeightDecay = 0.1,
        HeadScale = 0.1,
        HeadPenalty = 10,
        BiasPenalty = 10,
        PrincipalDirections = 4,
        AverageWeights = 0.9,
        Dropout = MtmDropout.None,
        Behaviour = new MtmHeadRecipe { OnePerTrial = true, Bins = [1, 15] },
    };
}
