using Realtime.Models.Neuroformer;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Neuroformer.Training;

/// <summary>Short trainings on a made-up animal.</summary>
public sealed class NeuroformerTrainerTests(ITestOutputHelper output)
{
    private static NeuroformerRecipe Recipe => new()
    {
        Model = new NeuroformerShape { NEmbd = 16, NHead = 2, HistoryLayers = 1, WindowPrev = 0.15, ContrastiveVars = ["id", "eos"] },
        Outputs = ["cos_direction", "sin_direction"],
        Epochs = 2,
        WindowsPerEpoch = 256,
        BatchWindows = 32,
        LearningRate = 4e-3,
        TokenSd = 0.5,
        Dropout = new NeuroformerDropout { Resid = 0.1, Attn = 0.1 },
        ScoreHopMs = 200,
    };

    [Fact]
    public void The_same_recipe_gives_the_same_bytes_with_any_threads()
    {
        var session = SyntheticSession.Make(seconds: 60);
        var one = NeuroformerTrainer.Train([session], Recipe, new TrainerOptions { Threads = 1 });
        var two = NeuroformerTrainer.Train([session], Recipe, new TrainerOptions { Threads = 2 });
        Assert.Equal(one.Model, two.Model);
        Assert.NotEqual(one.Model, NeuroformerTrainer.Train([session], Recipe with { Seed = 2 }, new TrainerOptions()).Model);
    }

    [Fact]
    public void Training_learns_and_the_files_plain_form_answers_as_scored()
    {
        var session = SyntheticSession.Make(seconds: 120);
        var training = NeuroformerTrainer.Train([session], Recipe with { Epochs = 6, WindowsPerEpoch = 640, Loss = new NeuroformerLossWeights { Contrastive = 0, Id = 0, Dt = 0 } }, new TrainerOptions());
        output.WriteLine(string.Join(", ", training.Result.Curve.Select(point => FormattableString.Invariant($"{point.Loss:F3} {point.Score:F3}"))));
        Assert.True(training.Result.BestScore > 0.2, $"mean R2 {training.Result.BestScore}");
        Assert.True(training.Result.Curve[^1].Loss < training.Result.Curve[0].Loss);

        using var file = ModelFile.Parse(training.Model!, "trained");
        var settings = NeuroformerModel.Settings(file);
        var plain = new NeuroformerNetwork(NeuroformerWeights.Read(new WeightReader(file.Tensors), settings.HyperParameters));
        var places = training.Sessions.Answers(0, SessionPart.Valid, session.Valid, 200_000_000);
        var (errors, variance) = (new double[2], new double[2]);
        var targets = places.Select(place => { var values = new double[2]; training.Sessions.Targets(place, values); return values; }).ToArray();
        for (var at = 0; at < places.Count; at++)
        {
            var answer = plain.Forward([training.Sessions.Cut(places[at]).Window]).Predictions[0];
            for (var i = 0; i < 2; i++)
            {
                var mean = targets.Average(values => values[i]);
                errors[i] += Math.Pow(answer[i][0] * settings.OutputSd[i] + settings.OutputMean[i] - targets[at][i], 2);
                variance[i] += Math.Pow(targets[at][i] - mean, 2);
            }
        }

        Assert.Equal(training.Result.BestScore, (2 - errors[0] / variance[0] - errors[1] / variance[1]) / 2, 1e-4);
    }

    [Fact]
    public void Pretraining_reads_no_label_and_fine_tuning_goes_on_from_it()
    {
        var session = SyntheticSession.Make(seconds: 60);
        var recipe = Recipe with { Phase = NeuroformerPhase.Pretrain };
        var pretrained = NeuroformerTrainer.Train([session], recipe, new TrainerOptions());
        Assert.True(pretrained.Result.Curve[^1].Score > pretrained.Result.Curve[0].Score);

        var turned = (float[])session.BehaviourValues.Clone();
        for (var i = 0; i < turned.Length; i++) turned[i] = 1 - turned[i];
        var other = NeuroformerTrainer.Train([session.With(values: turned)], recipe, new TrainerOptions());
        Assert.Equal(pretrained.Result.Tensors!.Select(tensor => tensor.Bytes), other.Result.Tensors!.Select(tensor => tensor.Bytes));

        using var start = ModelFile.Parse(pretrained.Model!, "pretrained");
        var tune = Recipe with { Phase = NeuroformerPhase.FineTune, LabelShare = 0.5, Epochs = 1, FreezeEpochs = 1, Loss = new NeuroformerLossWeights { Id = 0, Dt = 0, Contrastive = 0 } };
        var frozen = NeuroformerTrainer.Train([session], tune, new TrainerOptions(), start);
        Assert.Equal(Bytes(pretrained, "tok_emb.weight"), Bytes(frozen, "tok_emb.weight"));
        Assert.NotEqual(Bytes(pretrained, "modality_projection_heads.behavior.cos_direction.weight"), Bytes(frozen, "modality_projection_heads.behavior.cos_direction.weight"));
        var thawed = NeuroformerTrainer.Train([session], tune with { Epochs = 2 }, new TrainerOptions(), start);
        Assert.True(thawed.Result.BestEpoch < 2 || !Bytes(pretrained, "tok_emb.weight").SequenceEqual(Bytes(thawed, "tok_emb.weight")));
    }

    [Fact]
    public void A_session_with_other_units_gets_rows_of_its_own_and_the_former_ones_stay()
    {
        var first = NeuroformerTrainer.Train([SyntheticSession.Make(seconds: 60)], Recipe with { Phase = NeuroformerPhase.Pretrain, Epochs = 1 }, new TrainerOptions());
        using var start = ModelFile.Parse(first.Model!, "pretrained");
        var recipe = Recipe with { Phase = NeuroformerPhase.FineTune };
        var sessions = NeuroformerSessions.From([SyntheticSession.Make(units: 7, seconds: 60, seed: 2) with { Name = "another" }], recipe, NeuroformerModel.Settings(start));
        Assert.Equal(12 + 7, sessions.Config.Neurons);
        var network = NeuroformerModel.Network(sessions, start);
        var (own, former) = (network.Parameters["tok_emb.weight"].Value.ToArray(), start.Tensors.Floats("tok_emb.weight"));
        Assert.Equal(former[..(12 * 16)], own[..(12 * 16)]);
        Assert.Equal(former[(12 * 16)..], own[(19 * 16)..]);
        Assert.Equal(Enumerable.Range(12, 7), NeuroformerSessions.Tokens(sessions.Sessions.Sessions[0]));
    }

    [Fact]
    public void Phase_and_start_must_go_together()
    {
        var session = SyntheticSession.Make(seconds: 20);
        Assert.Contains("starts from a model", Assert.Throws<TrainingException>(() =>
            NeuroformerTrainer.Train([session], Recipe with { Phase = NeuroformerPhase.FineTune }, new TrainerOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_the_model_the_linear_decoders_and_the_constant()
    {
        var training = NeuroformerTrainer.Train([SyntheticSession.Make(seconds: 60)], Recipe with { Epochs = 1 }, new TrainerOptions());
        var table = new NeuroformerScores(training.Sessions, 1).Test(training.Result.Tensors!, baselines: true);
        Assert.Equal(NeuroformerKind.Name, table.Rows[0].Predictor);
        Assert.Contains(table.Rows, row => row.Predictor == "wiener");
        Assert.Equal("constant", table.Rows[^1].Predictor);
    }

    private static byte[] Bytes(NeuroformerTraining training, string name) => training.Result.Tensors!.Single(tensor => tensor.Name == name).Bytes;
}
