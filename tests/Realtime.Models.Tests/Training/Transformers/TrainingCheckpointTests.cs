using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using static Realtime.Models.Tests.Training.Transformers.LinearTraining;

namespace Realtime.Models.Tests.Training.Transformers;

/// <summary>A training that is broken off anywhere ends as if it had not been.</summary>
public sealed class TrainingCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("check points é ").FullName;

    private string Path => System.IO.Path.Combine(_folder, "training.checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Cases => ["plain", "average", "refit", "thaw", "patience"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stop_at_any_step_goes_on_to_the_same_bits(string name)
    {
        var (recipe, thaws) = Case(name);
        var whole = Run(recipe, new TrainerOptions { Thaws = thaws }, CaseParts(name));
        var total = whole.Windows / 10;
        for (var stopAt = 0; stopAt <= total; stopAt++)
        {
            File.Delete(Path);
            using var stop = new CancellationTokenSource();
            if (stopAt == 0) stop.Cancel();
            var steps = 0;
            var options = new TrainerOptions
            {
                Checkpoint = Path,
                CheckpointEvery = TimeSpan.FromDays(1),
                Thaws = thaws,
                Progress = progress => steps = Told(progress, steps, stopAt, stop),
            };
            var first = Run(recipe, options, CaseParts(name), stop.Token);
            if (stopAt < total) Assert.Equal(TrainerStop.Interrupted, first.Stop);
            var second = Run(recipe, options with { Progress = null, Resume = true, Threads = 2 }, CaseParts(name));
            AssertSame(whole, second);
        }
    }

    [Fact]
    public void A_checkpoint_of_any_moment_goes_on_to_the_same_bits_and_a_torn_draft_beside_it_does_no_harm()
    {
        var (recipe, _) = Case("refit");
        var copies = new List<string>();
        var options = new TrainerOptions
        {
            Checkpoint = Path,
            CheckpointEvery = TimeSpan.Zero,
            Progress = _ =>
            {
                if (!File.Exists(Path)) return;
                copies.Add($"{Path}.{copies.Count}");
                File.Copy(Path, copies[^1]);
            },
        };
        var whole = Run(recipe, options);
        Assert.True(copies.Count > 40);
        foreach (var copy in copies)
        {
            File.WriteAllText(copy + ".part", "torn");
            AssertSame(whole, Run(recipe, new TrainerOptions { Checkpoint = copy, Resume = true }));
        }
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_the_former_checkpoint_and_does_not_end_the_training()
    {
        var (opened, warnings) = (0, new List<string>());
        byte[]? former = null;
        var result = Run(Recipe, new TrainerOptions
        {
            Checkpoint = Path,
            CheckpointEvery = TimeSpan.Zero,
            Warning = warnings.Add,
            Open = path =>
            {
                if (++opened <= 3) return new FileStream(path, FileMode.Create);
                former ??= File.ReadAllBytes(Path);
                return new FullDisk(path);
            },
        });
        Assert.Equal(TrainerStop.Finished, result.Stop);
        Assert.Equal(opened - 3, warnings.Count);
        Assert.All(warnings, warning => Assert.Contains("disk is full", warning));
        Assert.Equal(former, File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder));
        AssertSame(result, Run(Recipe, new TrainerOptions { Checkpoint = Path, Resume = true }));
    }

    [Fact]
    public void A_device_that_is_always_full_is_told_of()
    {
        if (!File.Exists("/dev/full")) return;
        var warnings = new List<string>();
        Run(Recipe, new TrainerOptions { Checkpoint = Path, CheckpointEvery = TimeSpan.Zero, Warning = warnings.Add, Open = _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write) });
        Assert.NotEmpty(warnings);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_or_session_is_refused_by_what_differs()
    {
        Interrupted();
        var other = Recipe with { LearningRate = 0.06, Schedule = Recipe.Schedule with { WarmUp = 0.4 } };
        var message = Assert.Throws<TrainingException>(() => Run(other, new TrainerOptions { Checkpoint = Path, Resume = true })).Message;
        Assert.Contains("learning_rate (0.05 there, 0.06 here)", message);
        Assert.Contains("schedule.warm_up (0.3 there, 0.4 here)", message);
        Assert.DoesNotContain("epochs", message);
        message = Assert.Throws<TrainingException>(() => Run(Recipe, new TrainerOptions { Checkpoint = Path, Resume = true }, Parts() with { Sessions = "b" })).Message;
        Assert.Contains("other sessions", message);
        message = Assert.Throws<TrainingException>(() => Run(Recipe, new TrainerOptions { Checkpoint = Path, Resume = true }, Parts() with { Start = "abc" })).Message;
        Assert.Contains("began from no model, and now it is to begin from the model abc", message);
    }

    [Fact]
    public void A_checkpoint_that_is_cut_short_or_none_at_all_is_refused()
    {
        Interrupted();
        var bytes = File.ReadAllBytes(Path);
        foreach (var length in new[] { 0, 7, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(Path, bytes[..length]);
            Assert.Throws<ModelFormatException>(() => Run(Recipe, new TrainerOptions { Checkpoint = Path, Resume = true }));
        }

        File.Delete(Path);
        Assert.Equal(TrainerStop.Finished, Run(Recipe, new TrainerOptions { Checkpoint = Path, Resume = true }).Stop);
    }

    private void Interrupted()
    {
        using var stop = new CancellationTokenSource();
        Run(Recipe, new TrainerOptions { Checkpoint = Path, Progress = progress => Told(progress, 0, progress.Steps == 7 ? 1 : 2, stop) }, null, stop.Token);
        Assert.True(File.Exists(Path));
    }

    private static int Told(TrainerProgress progress, int steps, int stopAt, CancellationTokenSource stop)
    {
        if (progress.IsScoring || progress.EpochEnded) return steps;
        if (++steps == stopAt) stop.Cancel();
        return steps;
    }

    private static (TrainingRecipe Recipe, IReadOnlyList<ParameterThaw> Thaws) Case(string name) => name switch
    {
        "average" => (Recipe with { AverageWeights = 0.8, Optimizer = OptimizerKind.Lamb, Epochs = 3 }, []),
        "refit" => (Recipe with { RefitWithValid = true, AverageWeights = 0.8, Epochs = 4, EvaluateEvery = 2 }, []),
        "thaw" => (Recipe with { Epochs = 4 }, [new ParameterThaw(2, parameter => parameter.Name == "readout.weight")]),
        "patience" => (Recipe with { Patience = 1, Epochs = 5 }, []),
        _ => (Recipe with { Epochs = 3 }, []),
    };

    private static TrainerParts<TrainingWindow> CaseParts(string name) => name switch
    {
        // The longer it trains, the worse, from the first epoch on.
        "patience" => Parts((tensors, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            return -Floats(tensors, "readout.weight").Sum(value => Math.Abs((double)value));
        }),
        _ => Parts((tensors, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Score(tensors);
        }, frozenWeight: name == "thaw"),
    };

    /// <summary>Takes a hundred bytes.</summary>
    private sealed class FullDisk(string path) : FileStream(path, FileMode.Create)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer[..100].ToArray(), 0, 100);
            throw new IOException("The disk is full.");
        }
    }
}
