using System.Diagnostics;
using Realtime.Acquisition.Recordings;
using Realtime.Host.Commands;
using Realtime.Models;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;
using Spectre.Console;

namespace Realtime.Host.Training;

/// <summary>A training of a transformer as the command line asks for it: sessions in, model, report and table out.</summary>
internal static class TrainTransformer
{
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    /// <exception cref="UserErrorException">An input or a file in the way.</exception>
    public static int Run(IReadOnlyList<string> folders, TrainingJob job, TrainTransformerOptions options)
    {
        if (options.Names.Count > 0 && options.Names.Count != folders.Count)
            throw new UserErrorException($"--name gives {options.Names.Count} names for {folders.Count} sessions; give one for each, in order.", ExitCode.Usage);
        CheckCheckpoint(options);
        var notes = new List<string>();
        var sessions = folders.Select((folder, index) =>
        {
            var session = SessionReader.Read(folder, note: Note);
            return options.Names.Count > 0 ? session with { Name = options.Names[index] } : session;
        }).ToArray();

        using var signal = new CancelOnSignal();
        var screen = CommandRunner.Screen;
        var clock = Stopwatch.StartNew();
        var view = new TrainingView(screen, job.Recipe.Epochs, job.ScoreWord);
        var training = view.Show(tell => job.Train(sessions, new TrainerOptions
        {
            Threads = options.Threads,
            Checkpoint = options.Checkpoint,
            CheckpointEvery = options.CheckpointEvery,
            Resume = options.Resume,
            Progress = tell,
            Warning = Note,
        }, options, Note, signal.Token));
        var seconds = clock.Elapsed.TotalSeconds;
        var result = training.Result;
        screen.MarkupLine(result.Stop == TrainerStop.Diverged ? $"[red]{Markup.Escape(result.Reason)}[/]" : Markup.Escape(result.Reason));
        var hash = Save(training, job.ScoreWord, options);
        var (table, tables) = hash is null || result.Stop == TrainerStop.Interrupted ? (null, []) : Scores(job, options, Note, signal.Token);
        WriteReport(training, table, tables, options, new TrainingRun(hash ?? "", seconds, view.WindowsPerSecond, options.Threads, notes));
        if (table is not null) TrainingView.Show(screen, table);
        foreach (var metrics in tables) TrainingView.Show(screen, metrics);
        return result.Stop switch
        {
            TrainerStop.Interrupted => CommandRunner.Tell($"Stopped. The checkpoint is {options.Checkpoint}; the same command with --resume goes on exactly there.", ExitCode.Interrupted),
            TrainerStop.Diverged => ExitCode.TrainingDiverged,
            _ => ExitCode.Ok,
        };

        void Note(string text)
        {
            notes.Add(text);
            TrainCommand.Note(text);
        }
    }

    private static void CheckCheckpoint(TrainTransformerOptions options)
    {
        var exists = File.Exists(options.Checkpoint);
        if (options is { Resume: true, Restart: true }) throw new UserErrorException("--resume and --restart contradict each other; give one of them.", ExitCode.Usage);
        if (exists && !options.Resume && !options.Restart)
        {
            throw new UserErrorException($"{options.Checkpoint} is the checkpoint of a training that has not ended. --resume goes on with it; --restart begins anew and overwrites it.",
                ExitCode.CannotWrite);
        }

        if (!exists && options.Resume) TrainCommand.Note($"There is no checkpoint {options.Checkpoint}: the training begins from the start.");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Model))!);
    }

    /// <summary>Writes the model, and removes the checkpoint of a training that has ended well.</summary>
    private static string? Save(TrainingOutcome training, string scoreWord, TrainTransformerOptions options)
    {
        var screen = CommandRunner.Screen;
        if (training.Model is not { } bytes)
        {
            screen.WriteLine("No model was written: no weights had been scored yet.");
            return null;
        }

        ModelFile.Save(options.Model, bytes);
        using var file = ModelFile.Parse(bytes, options.Model);
        var result = training.Result;
        var score = double.IsNaN(result.BestScore) ? "" : FormattableString.Invariant($", {scoreWord} {result.BestScore:0.0000} in epoch {result.BestEpoch}");
        var refitted = result.IsRefitted ? " before it was trained once more on training and validation intervals together" : "";
        var units = training.Sessions.Count > 1 ? $" It decodes session '{file.Config.Training.Session}'." : "";
        screen.WriteLine($"Wrote {options.Model}, {file.Config.Kind} {file.Hash}{score}{refitted}.{units}");
        if (result.Stop is TrainerStop.Finished or TrainerStop.Patience) File.Delete(options.Checkpoint);
        return file.Hash;
    }

    private static (ScoreTable? Scores, IReadOnlyList<MetricTable> Tables) Scores(TrainingJob job, TrainTransformerOptions options, Action<string> note, CancellationToken cancellation)
    {
        try
        {
            return CommandRunner.Screen.Status().Start("scoring", status => job.Score(options, text => status.Status(Markup.Escape(text)), note, cancellation));
        }
        catch (OperationCanceledException)
        {
            note("Stopped while the test intervals were scored; the model is written.");
            return (null, []);
        }
    }

    private static void WriteReport(TrainingOutcome training, ScoreTable? table, IReadOnlyList<MetricTable> tables, TrainTransformerOptions options, TrainingRun run)
    {
        TrainingReportJson.Write(training, table, tables, run, Path.Combine(options.Report, "report.json"));
        var page = Path.Combine(options.Report, "report.html");
        TrainingPage.Write(training, table, tables, run, page);
        CommandRunner.Screen.WriteLine($"The report is {page}.");
    }
}
