using Realtime.Engine.Sessions;
using Realtime.Host.Commands;
using Realtime.Host.Running;
using Realtime.Models;
using Realtime.Models.Training;
using Realtime.Models.Transformer;
using Spectre.Console;

namespace Realtime.Host.Demo;

/// <summary>The model of a demo: fitted to the session, or drawn at random where this program cannot fit its kind.</summary>
internal static class DemoModel
{
    /// <summary>Makes the model and writes its file.</summary>
    /// <returns>The file's path and the model.</returns>
    public static (string Path, ModelFile File) Make(DemoOptions options, Session session, string folder, IAnsiConsole screen)
    {
        if (RandomModels.Kinds.Contains(options.ModelKind)) return Random(options, session, folder, screen);
        var trained = TrainCommand.Train(options.ModelKind, session, options.Training);
        var path = Path.Combine(folder, $"{options.ModelKind}{ModelFile.Extension}");
        trained.Save(path);
        ScoreView.Show(screen, "test interval, offline", trained.Report.Test);
        return (path, trained.File);
    }

    private static (string Path, ModelFile File) Random(DemoOptions options, Session session, string folder, IAnsiConsole screen)
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
        return (path, ModelFile.Parse(bytes, path));
    }
}
