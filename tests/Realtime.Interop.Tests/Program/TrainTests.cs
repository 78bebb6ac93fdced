using System.Text.Json.Nodes;

namespace Realtime.Interop.Tests.Program;

/// <summary>Training of a transformer as a user runs it, and as a power cut ends it.</summary>
[Collection(RigCollection.Name)]
public sealed class TrainTests(RigFixture rig) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("training ü ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_process_that_is_killed_again_and_again_ends_in_the_same_file()
    {
        var (whole, broken) = (File("whole.rtmodel"), File("broken.rtmodel"));
        string[] common = ["train", rig.Session, "--config", Recipe(epochs: 24), "--no-baselines", "--checkpoint-seconds", "0"];
        Assert.Equal(0, Run([.. common, "-o", whole, "--threads", "2"]).Code);
        Assert.False(System.IO.File.Exists(whole + ".checkpoint"));

        // With a checkpoint after each step the kill falls into the writing of one now and then. Epochs are short, and a kill may come some of them late.
        for (var kill = 0; kill < 3; kill++)
        {
            using var process = Rtdecode.Start([.. common, "-o", broken, "--threads", "1", "--resume"]);
            process.WaitFor("epoch ");
            process.Kill();
            Assert.True(System.IO.File.Exists(broken + ".checkpoint"));
            Assert.False(System.IO.File.Exists(broken));
        }

        System.IO.File.WriteAllText(broken + ".checkpoint.part", "torn");
        Assert.Equal(0, Run([.. common, "-o", broken, "--resume"]).Code);
        Assert.Equal(System.IO.File.ReadAllBytes(whole), System.IO.File.ReadAllBytes(broken));
        Assert.Empty(Directory.GetFiles(_folder, "*.checkpoint*"));
    }

    [NeedsUnixFact]
    public void A_signal_leaves_a_checkpoint_and_the_best_weights_and_the_next_run_must_say_what_to_do_with_it()
    {
        var model = File("stopped.rtmodel");
        string[] command = ["train", rig.Session, "--config", Recipe(epochs: 200), "--no-baselines", "-o", model];
        using (var process = Rtdecode.Start(command))
        {
            process.WaitFor("epoch 3/200");
            process.Signal("TERM");
            Assert.Equal(10, process.WaitForExit());
            Assert.Contains("--resume", process.Errors);
        }

        Assert.True(System.IO.File.Exists(model + ".checkpoint"));
        Assert.Equal(0, Rtdecode.Run("evaluate", rig.Session, "--model", model).Code);
        Assert.Equal("interrupted", Report(model)["stop"]!.GetValue<string>());
        var (code, _, errors) = Rtdecode.Run(command);
        Assert.Equal(6, code);
        Assert.Contains("--resume", errors);
        Assert.Contains("--restart", errors);
        (code, _, errors) = Rtdecode.Run([.. command, "--resume", "--seed", "77"]);
        Assert.Equal(4, code);
        Assert.Contains("seed (1 there, 77 here)", errors);
    }

    [Fact]
    public void The_table_holds_model_and_baselines_and_the_model_answers()
    {
        var model = File("model.rtmodel");
        var (code, _, errors) = Run("train", rig.Session, "--config", Recipe(epochs: 6), "-o", model, "--report", File("report"));
        Assert.Equal(0, code);
        foreach (var word in new[] { "causal", "offline (stitched)", "wiener", "kalman", "bayes", "constant" }) Assert.Contains(word, errors);
        var rows = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(File("report"), "report.json")))!["scores"]!["rows"]!.AsArray();
        double R2(string predictor) => rows.First(row => row!["predictor"]!.GetValue<string>() == predictor)!["values"]!["all/mean_r2"]!.GetValue<double>();
        Assert.True(R2("possm") > R2("constant") + 0.2, errors);
        Assert.True(System.IO.File.Exists(Path.Combine(File("report"), "report.html")));
        Assert.Equal(0, Rtdecode.Run("verify", model).Code);
    }

    [Fact]
    public void A_training_that_diverges_has_an_exit_code_of_its_own()
    {
        var recipe = Recipe(epochs: 50, "learning_rate: 1.0e+6", "weight_decay: 10", "clip_norm: 0");
        var (code, _, errors) = Run("train", rig.Session, "--config", recipe, "--no-baselines", "-o", File("none.rtmodel"));
        Assert.Equal(14, code);
        Assert.Contains("learning rate", errors);
        Assert.Contains("epoch 1", errors);
    }

    [Fact]
    public void Recipes_are_listed_and_shown_and_what_is_shown_works()
    {
        var (code, output, _) = Rtdecode.Run("train", "--list-configs");
        Assert.Equal(0, code);
        Assert.Contains("possm_tiny", output);
        var (_, text, _) = Rtdecode.Run("train", "--show-config", "possm_tiny");
        System.IO.File.WriteAllText(File("mine.yaml"), text);
        Assert.Equal(0, Run("train", rig.Session, "--config", File("mine.yaml"), "--epochs", "1", "--no-baselines", "-o", File("mine.rtmodel")).Code);
    }

    [Fact]
    public void Sessions_of_one_name_need_names()
    {
        string[] command = ["train", rig.Session, rig.Session, "--config", Recipe(epochs: 2), "--no-baselines", "-o", File("two.rtmodel")];
        var (code, _, errors) = Run(command);
        Assert.Equal(4, code);
        Assert.Contains("--name", errors);
        Assert.Equal(0, Run([.. command, "--name", "day 1", "--name", "day 2", "--live", "day 1"]).Code);
    }

    [Theory]
    [InlineData(2, "-o", "--config", "possm_tiny")]
    [InlineData(2, "--bin-ms", "--config", "possm_tiny", "-o", "x.rtmodel", "--bin-ms", "20")]
    [InlineData(2, "--epochs", "--epochs", "3", "-o", "x.rtmodel")]
    [InlineData(2, "poyo", "--model", "poyo", "--config", "possm_tiny", "-o", "x.rtmodel")]
    [InlineData(4, "possm_tiny", "--config", "possm_tny", "-o", "x.rtmodel")]
    [InlineData(4, "head_direction", "--config", "possm_tiny", "-o", "x.rtmodel", "--outputs", "hed_direction")]
    public void A_wrong_option_is_named(int expected, string hint, params string[] options)
    {
        var (code, _, errors) = Run(["train", rig.Session, .. options]);
        Assert.Equal(expected, code);
        Assert.Contains(hint, errors);
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        var result = Rtdecode.Run(arguments);
        Assert.DoesNotContain("   at ", result.Errors);
        return result;
    }

    private static JsonNode Report(string model) => JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(model + ".report", "report.json")))!;

    private string File(string name) => Path.Combine(_folder, name);

    private string Recipe(int epochs, params string[] more)
    {
        var path = File($"recipe {Guid.NewGuid():N}.yaml");
        var text = $"""
            kind: possm
            model: {"{ dim: 16, dim_head: 8, rnn_dim: 24, output_ca_ctx_lim: 1 }"}
            window_s: 2
            batch_windows: 8
            windows_per_epoch: 64
            epochs: {epochs}
            optimizer: adamw
            average_weights: 0.9
            {string.Join('\n', more)}
            """;
        if (more.Length == 0) text += "\nlearning_rate: 5.0e-3";
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
