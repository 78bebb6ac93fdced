using System.CommandLine;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Sessions;
using Realtime.Models;
using Realtime.Models.Training;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode train SESSION -o MODEL</c>: fits a linear decoder.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var session = new Argument<string>("SESSION") { Description = "Folder of a session (docs/session-layout.md)." };
        var output = new Option<string>("--output", "-o") { Description = $"Model file to write, usually *{ModelFile.Extension}.", Required = true };
        var note = new Option<string>("--note") { Description = "Your own words, kept in the model file.", DefaultValueFactory = _ => "" };
        var choices = new TrainingChoices([]);
        var command = new Command("train", "Fit a linear decoder to a recorded session.") { session, output, note };
        foreach (var option in choices.All) command.Add(option);
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var recording = SessionReader.Read(parsed.GetValue(session)!, note: text => CommandRunner.Screen.MarkupLine($"[yellow]{Markup.Escape(text)}[/]"));
            var options = choices.Read(parsed, new TrainingOptions()) with { Note = parsed.GetValue(note)! };
            var trained = Train(choices.Kind(parsed), recording, options);
            trained.Save(parsed.GetValue(output)!);
            Show(trained);
            CommandRunner.Screen.WriteLine($"Wrote {parsed.GetValue(output)}, {trained.File.Config.Kind} {trained.File.Hash}.");
            return ExitCode.Ok;
        }));
        return command;
    }

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
        foreach (var note in trained.Report.Notes) CommandRunner.Screen.MarkupLine($"[yellow]{Markup.Escape(note)}[/]");
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
