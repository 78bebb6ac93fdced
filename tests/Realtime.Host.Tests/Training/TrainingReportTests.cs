using System.Xml.Linq;
using Realtime.Acquisition.Simulation;
using Realtime.Host.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;
using Spectre.Console;

namespace Realtime.Host.Tests.Training;

/// <summary>What a user reads of a training: the lines as it goes, the page and the JSON after it.</summary>
public sealed class TrainingReportTests
{
    private const string Name = "maus <b>&1";
    private static readonly TransformerTraining Training = Train(TrainerStop.Finished);

    [Fact]
    public void The_page_is_sound_and_shows_scores_curves_and_recipe()
    {
        var table = new TransformerScores(Training.Recipe, Training.Sessions, 1).Test(Training.Result.Tensors!, baselines: true, null, null, CancellationToken.None);
        var page = TrainingPage.Render(Training.Outcome, table, [Bits], Run);
        Assert.DoesNotContain("<b>&1", page);
        Assert.DoesNotContain("<script", page);
        var body = XDocument.Parse(page[page.IndexOf("<main>", StringComparison.Ordinal)..page.IndexOf("</body>", StringComparison.Ordinal)]);
        Assert.Equal(4, body.Descendants("svg").Count());
        Assert.Equal(["possm", "possm", "wiener", "kalman", "bayes", "constant"], body.Descendants("tbody").First().Elements("tr").Select(row => row.Elements("td").First().Value));
        Assert.Equal(["mean rate", "mtm"], body.Descendants("tbody").Last().Elements("tr").Select(row => row.Elements("th").Single().Value));
        Assert.Equal(["–", "0.120"], body.Descendants("tbody").Last().Elements("tr").Select(row => row.Elements("td").Single().Value));
        Assert.Contains("offline (stitched)", page);
        Assert.Contains("a note", page);
        Assert.Contains("\"learning_rate\"", System.Net.WebUtility.HtmlDecode(page));
        Assert.Contains("Trained", body.Descendants("h1").Single().Value);
    }

    [Fact]
    public void The_JSON_holds_the_same()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(TrainingReportJson.Make(Training.Outcome, null, [Bits], Run).ToJsonString())!;
        Assert.Equal(("finished", "0123"), (json["stop"]!.GetValue<string>(), json["model_hash"]!.GetValue<string>()));
        var curve = json["curve"]!.AsArray();
        Assert.Equal(Training.Result.Curve.Select(point => point.Loss), curve.Select(point => point!["loss"]!.GetValue<double>()));
        Assert.Equal([1, 2, 3], curve.Select(point => point!["epoch"]!.GetValue<int>()));

        // Scored every second epoch and at the end.
        Assert.Equal([true, false, false], curve.Select(point => point!["score"] is null));
        Assert.Equal(Name, json["sessions"]![0]!["name"]!.GetValue<string>());
        Assert.Null(json["scores"]);
        Assert.Null(json["windows_per_s"]);
        Assert.Null(json["tables"]![0]!["rows"]![0]!["values"]!["bps"]);
        Assert.Equal(0.12, json["tables"]![0]!["rows"]![1]!["values"]!["bps"]!.GetValue<double>());
        Assert.Equal("possm", json["recipe"]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public void A_diverged_training_says_so()
    {
        var page = TrainingPage.Render(Train(TrainerStop.Diverged).Outcome, null, [], Run);
        Assert.Contains("Diverged", page);
        Assert.Contains("learning rate", page);
    }

    [Fact]
    public void Redirected_output_gets_a_line_per_epoch()
    {
        using var text = new StringWriter();
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Interactive = InteractionSupport.No, Ansi = AnsiSupport.No });
        screen.Profile.Width = 400;
        var view = new TrainingView(screen, 3, "causal validation R2");
        Train(TrainerStop.Finished, view);
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^epoch 1/3: loss \d\.\d{4}, learning rate \d\.\de[+-]\d, \d+ samples/s, at most .* left", lines[0]);
        Assert.Matches(@"^epoch 2/3: .*causal validation R2 -?\d\.\d{4} \(best -?\d\.\d{4} in epoch 2\)", lines[1]);
        Assert.DoesNotContain("left", lines[2]);
        Assert.True(view.WindowsPerSecond > 0);
    }

    private static MetricTable Bits => new("Bits per spike", "A note on them.", [("bps", "bits per spike")],
    [
        new("mean rate", new Dictionary<string, double>()),
        new("mtm", new Dictionary<string, double> { ["bps"] = 0.12 }),
    ]);

    private static TrainingRun Run => new("0123", 12.5, double.NaN, 1, ["a note"]);

    private static TransformerTraining Train(TrainerStop stop, TrainingView? view = null)
    {
        var session = SessionSimulator.Simulate(new SimulationOptions { Units = 8, Minutes = 1 }).Session with { Name = Name };
        var recipe = TrainingPresets.ReadWindows("possm_tiny") with { Epochs = 3, WindowsPerEpoch = 16, BatchWindows = 8, EvaluateEvery = 2 };
        if (stop == TrainerStop.Diverged) recipe = recipe with { LearningRate = 1e6, WeightDecay = 10, ClipNorm = 0, Epochs = 100 };
        var training = view is null
            ? TransformerTrainer.Train([session], recipe, new TrainerOptions())
            : view.Show(tell => TransformerTrainer.Train([session], recipe, new TrainerOptions { Progress = tell }));
        Assert.Equal(stop, training.Result.Stop);
        return training;
    }
}
