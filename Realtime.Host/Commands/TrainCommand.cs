using System.CommandLine;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Sessions;
using Realtime.Engine.Text;
using Realtime.Host.Training;
using Realtime.Models;
using Realtime.Models.Training;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode train SESSION... -o MODEL</c>: fits a linear decoder to a session, or trains a transformer on sessions.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var sessions = new Argument<string[]>("SESSION") { Description = "Folder of a session (docs/session-layout.md); transformers take several.", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("--output", "-o") { Description = $"Model file to write, usually *{ModelFile.Extension}." };
        var note = new Option<string>("--note") { Description = "Your own words, kept in the model file.", DefaultValueFactory = _ => "" };
        var choices = new TrainingChoices(RecipeFile.Kinds, "transformers", "is trained by a recipe: --config");
        var transformer = new TrainTransformerChoices();
        var command = new Command("train", "Fit a linear decoder to a recorded session, or train a transformer on one or several.") { sessions, output, note };
        foreach (var option in choices.All.Concat(transformer.All)) command.Add(option);
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            if (transformer.Print(parsed)) return ExitCode.Ok;
            var folders = parsed.GetValue(sessions) ?? [];
            if (folders.FirstOrDefault(folder => folder.StartsWith("--", StringComparison.Ordinal) && !Directory.Exists(folder)) is { } unknown)
                throw new UserErrorException($"train has no option {unknown}{NearestName.Hint(unknown, command.Options.Select(option => option.Name))}. rtdecode train --help lists them.", ExitCode.Usage);
            if (folders.Length == 0) throw new UserErrorException("Name the folder of a session: rtdecode train SESSION -o MODEL.", ExitCode.Usage);
            var path = parsed.GetValue(output) ?? throw new UserErrorException("-o is missing: it names the model file to write.", ExitCode.Usage);
            if (transformer.Recipe(parsed, choices) is { } recipe) return TrainTransformer.Run(folders, TrainingJob.Of(recipe), transformer.Options(parsed, path, parsed.GetValue(note)!));
            transformer.RefuseWithLinear(parsed, choices.Kind(parsed));
            if (folders.Length > 1) throw new UserErrorException($"A {choices.Kind(parsed)} model is fitted to one session, and {folders.Length} are named. Several are for --model {string.Join(", ", RecipeFile.Kinds)}.", ExitCode.Usage);
            var recording = SessionReader.Read(folders[0], note: Note);
            var options = choices.Read(parsed, new TrainingOptions()) with { Note = parsed.GetValue(note)! };
            var trained = Train(choices.Kind(parsed), recording, options);
            trained.Save(path);
            Show(trained);
            CommandRunner.Screen.WriteLine($"Wrote {path}, {trained.File.Config.Kind} {trained.File.Hash}.");
            return ExitCode.Ok;
        }));
        return command;
    }

    /// <summary>Prints a sentence that the user should read.</summary>
    public static void Note(string text) => CommandRunner.Screen.MarkupLine($"[yellow]{Markup.Escape(text)}[/]");

    /// <summary>Fits with a progress bar; Ctrl+C stops without leaving a file.</summary>
    public static TrainedModel Train(string kind, Session session, TrainingOptions options)
    {
        using var signal = new CancelOnSignal();
        return CommandRunner.Screen.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask($"fitting {Markup.Escape(kind)} to {Markup.Escape(session.Name)}", maxValue: 1);
                return BaselineTrainer.Train(kind, session, options, new SynchronousProgress(share => task.Value = share), signal.Token);
            });
    }

    /// <summary>What was tried and what came of it.</summary>
    public static void Show(TrainedModel trained)
    {
        foreach (var note in trained.Report.Notes) Note(note);
        foreach (var candidate in trained.Report.Candidates)
            CommandRunner.Screen.WriteLine(FormattableString.Invariant($"  {candidate.Setting} {candidate.Value}: validation mean R2 {candidate.ValidationScore:0.0000}"));
        ScoreView.Show(CommandRunner.Screen, "test interval, causal", trained.Report.Test);
    }

    /// <summary>Reports at once, on the calling thread; <see cref="Progress{T}"/> would post to the pool.</summary>
    private sealed class SynchronousProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
