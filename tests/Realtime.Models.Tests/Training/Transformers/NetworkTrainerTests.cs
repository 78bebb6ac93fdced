using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using static Realtime.Models.Tests.Training.Transformers.LinearTraining;

namespace Realtime.Models.Tests.Training.Transformers;

/// <summary>The loop around a network, on one that is simple enough to be judged by eye.</summary>
public sealed class NetworkTrainerTests
{
    [Theory]
    [InlineData(OptimizerKind.Adamw, 0, 0.05)]
    [InlineData(OptimizerKind.Lamb, 0, 0.05)]
    [InlineData(OptimizerKind.Adamw, 0.9, 0.05)]
    public void A_readout_learns_what_the_windows_hold(OptimizerKind optimizer, double average, double rate)
    {
        var result = Run(Recipe with { Optimizer = optimizer, AverageWeights = average, LearningRate = rate, Epochs = 40 });
        Assert.Equal(TrainerStop.Finished, result.Stop);
        Assert.True(result.BestScore > 0.9, $"{result.BestScore}");
        Assert.Equal(result.BestScore, Score(result.Tensors!));
        Assert.Equal(40 * 5 * 10, result.Windows);
        Assert.Equal(Enumerable.Range(1, 40), result.Curve.Select(point => point.Epoch));
        Assert.True(result.Curve[^1].Loss < 0.5 * result.Curve[0].Loss);
        Assert.Contains(result.Tensors!, tensor => tensor.Name == "rotary_emb.omega");
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var one = Run(Recipe);
        foreach (var threads in new[] { 2, 3, 7 }) AssertSame(one, Run(Recipe, new TrainerOptions { Threads = threads }));
        Assert.NotEqual(one.Curve, Run(Recipe with { Seed = 8 }).Curve);
    }

    [Fact]
    public void The_best_epoch_is_kept_and_patience_ends_the_training()
    {
        double[] scores = [0.1, 0.5, double.NaN, 0.4, 0.45, 0.9];
        var (asked, kept) = (0, new List<float[]>());
        var result = Run(Recipe with { Patience = 3, Epochs = 6 }, parts: Parts((tensors, _) =>
        {
            kept.Add(Floats(tensors, "readout.weight"));
            return scores[asked++];
        }));
        Assert.Equal((TrainerStop.Patience, 2, 0.5), (result.Stop, result.BestEpoch, result.BestScore));
        Assert.Equal(5, asked);
        Assert.Equal(kept[1], Floats(result.Tensors!, "readout.weight"));
        Assert.Equal(scores[..5], result.Curve.Select(point => point.Score));
    }

    [Fact]
    public void Scores_are_taken_when_due_and_at_the_end()
    {
        var result = Run(Recipe with { EvaluateEvery = 4 });
        Assert.Equal([4, 6], result.Curve.Where(point => !double.IsNaN(point.Score)).Select(point => point.Epoch));
    }

    [Fact]
    public void Without_any_score_the_last_weights_are_kept()
    {
        var result = Run(Recipe with { Patience = 2 }, parts: Parts((_, _) => double.NaN));
        Assert.Equal((TrainerStop.Finished, 0), (result.Stop, result.BestEpoch));
        Assert.Equal(Floats(Run(Recipe with { EvaluateEvery = 6 }).Tensors!, "readout.weight"), Floats(result.Tensors!, "readout.weight"));
    }

    [Fact]
    public void A_refit_takes_both_intervals_and_the_steps_of_the_best_epoch()
    {
        var seen = new List<bool>();
        var parts = Parts();
        var windows = parts.Batches;
        var progress = new List<TrainerProgress>();
        var scores = new Queue<double>([0.1, 0.5, 0.4, 0.3]);
        var result = Run(Recipe with { Patience = 2, RefitWithValid = true }, new TrainerOptions { Progress = progress.Add }, Parts((_, _) => scores.Dequeue()) with
        {
            Batches = withValid =>
            {
                seen.Add(withValid);
                return windows(withValid);
            },
        });
        Assert.Equal([false, true], seen);
        Assert.Equal((TrainerStop.Patience, true, 2, 0.5), (result.Stop, result.IsRefitted, result.BestEpoch, result.BestScore));

        // Two epochs of five steps; the longer list of both intervals takes six an epoch.
        Assert.Equal(10, progress.Where(step => step.Phase == TrainerPhase.Refit).Max(step => step.Steps));
        Assert.Equal((4 * 5 + 10) * 10, result.Windows);
        Assert.Empty(scores);
    }

    [Fact]
    public void Frozen_parameters_stay_until_they_thaw()
    {
        var frozen = new List<float[]>();
        var parts = Parts((tensors, _) =>
        {
            frozen.Add(Floats(tensors, "readout.weight"));
            return 0;
        }, frozenWeight: true);
        Run(Recipe, new TrainerOptions { Thaws = [new ParameterThaw(3, parameter => parameter.Name == "readout.weight")] }, parts);
        Assert.All(frozen[..3], weight => Assert.All(weight, value => Assert.Equal(0, value)));
        Assert.All(frozen[3..], weight => Assert.Contains(weight, value => value != 0));
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_with_step_epoch_and_rate_and_the_last_good_weights()
    {
        var recipe = Recipe with { WeightDecay = 10, LearningRate = 1e6, ClipNorm = 0, Epochs = 200, Schedule = new OneCycleRecipe { WarmUp = 1, DivFactor = 1e12 } };
        var result = Run(recipe);
        Assert.Equal(TrainerStop.Diverged, result.Stop);
        Assert.NotNull(result.Tensors);
        Assert.All(Floats(result.Tensors!, "readout.weight"), value => Assert.True(float.IsFinite(value)));
        Assert.Contains($"epoch {result.Curve.Count + 1}", result.Reason);
        Assert.Contains($"epoch {result.BestEpoch}, the best so far", result.Reason);
        Assert.Contains("learning rate", result.Reason);
        Assert.Contains("step", result.Reason);
    }

    [Fact]
    public void Without_a_scoring_before_nothing_is_kept()
    {
        var parts = Parts();
        parts.Parameters["readout.bias"].Value[0] = float.NaN;
        var result = Run(Recipe, parts: parts);
        Assert.Equal((TrainerStop.Diverged, true), (result.Stop, result.Tensors is null));
        Assert.Contains("step 1, in epoch 1", result.Reason);
    }

    [Theory]
    [InlineData("epochs", 0)]
    [InlineData("batch_windows", 0)]
    [InlineData("learning_rate", -1)]
    [InlineData("evaluate_every", 0)]
    public void A_recipe_out_of_range_is_named(string key, double value)
    {
        var recipe = key switch
        {
            "epochs" => Recipe with { Epochs = (int)value },
            "batch_windows" => Recipe with { BatchWindows = (int)value },
            "learning_rate" => Recipe with { LearningRate = value },
            _ => Recipe with { EvaluateEvery = (int)value },
        };
        Assert.Contains(key, Assert.Throws<TrainingException>(() => Run(recipe)).Message);
    }
}
