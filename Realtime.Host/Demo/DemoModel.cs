using Realtime.Engine.Sessions;
using Realtime.Host.Commands;
using Realtime.Host.Running;
using Realtime.Models;
using Realtime.Models.Training;
using Realtime.Models.Transformer;
using Spectre.Console;

namespace Realtime.Host.Demo;

/// <summary>The model of a demo: fitted to the session, calibrated to it, or drawn at random.</summary>
internal static class DemoModel
{
    /// <summary>Makes the model and writes its file.</summary>
    public static DemoDecoder Make(DemoOptions options, Session session, string folder, IAnsiConsole screen)
    {
        if (options.RandomWeights) return Random(options, session, folder, screen);
        if (BundledModels.Kinds.Contains(options.ModelKind)) return DemoCalibration.Make(options, session, folder, screen);
        var trained = TrainCommand.Train(options.ModelKind, session, options.Training);
        var path = Path.Combine(folder, $"{options.ModelKind}{ModelFile.Extension}");
        trained.Save(path);
        ScoreView.Show(screen, "test interval, offline", trained.Report.Test);
        return new DemoDecoder(path, trained.File);
    }

    private static DemoDecoder Random(DemoOptions options, Session session, string folder, IAnsiConsole screen)
    {
        var (outputs, mean) = SessionTargets.Of(session, options.Training);
        var bytes = RandomModels.Smallest(options.ModelKind, new RandomModelOptions
        {
            Units = session.Units.Units,
            Outputs = outputs,
            TargetMean = mean,
            Session = session.Name,
            Seed = options.Seed,
        });

        // The name tells it apart wherever the file goes.
        var path = Path.Combine(folder, $"{options.ModelKind}-random-weights{ModelFile.Extension}");
        ModelFile.Save(path, bytes);
        screen.MarkupLine($"[bold yellow]RANDOM WEIGHTS[/] [yellow]{Markup.Escape(OriginText.RandomWarning)}[/]");
        return new DemoDecoder(path, ModelFile.Parse(bytes, path));
    }
}
