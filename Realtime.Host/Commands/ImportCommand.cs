using System.CommandLine;
using Realtime.Models;
using Realtime.Models.Checkpoints;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode import CHECKPOINT -o MODEL</c>: makes a model file from a PyTorch checkpoint of POYO, POSSM, MtM or Neuroformer.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("CHECKPOINT") { Description = "Checkpoint that torch.save or Lightning wrote: *.ckpt, *.pt, *.pth." };
        var output = new Option<string>("--output", "-o") { Description = $"Model file to write, usually *{ModelFile.Extension}.", Required = true };
        var choices = new ImportChoices();
        var command = new Command("import", "Make a model file from a PyTorch checkpoint of POYO, POSSM, MtM or Neuroformer. Nothing in the checkpoint is run.") { checkpoint, output };
        foreach (var option in choices.All) command.Add(option);
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var options = choices.Read(parsed);
            var path = parsed.GetValue(checkpoint)!;
            using var source = Open(path);
            var model = CheckpointImporter.Import(source, options);
            model.Save(parsed.GetValue(output)!);
            Show(model, path);
            CommandRunner.Screen.WriteLine($"Wrote {parsed.GetValue(output)}, {model.File.Config.Kind} {model.File.Hash}.");
            return ExitCode.Ok;
        }));
        return command;
    }

    private static PyTorchCheckpoint Open(string path)
    {
        try
        {
            return PyTorchCheckpoint.Read(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The checkpoint {path} cannot be read: {problem.Message}", ExitCode.BadInput);
        }
    }

    /// <summary>All of a few names; of many their number and the first ones.</summary>
    internal static string Names(IReadOnlyList<string> names)
    {
        const int most = 12;
        const int shown = 3;
        return names.Count <= most ? string.Join(", ", names) : FormattableString.Invariant($"{names.Count}, the first {string.Join(", ", names.Take(shown))}");
    }

    private static void Show(ImportedModel model, string path)
    {
        var config = model.File.Config;
        var screen = CommandRunner.Screen;
        screen.WriteLine(FormattableString.Invariant($"Took from {path}: {model.Tensors} tensors with {model.Numbers} numbers."));
        foreach (var passed in model.PassedOver) screen.WriteLine($"Passed over {passed}.");
        screen.WriteLine(FormattableString.Invariant($"Session '{config.Training.Session}', {config.Units.Count} units ({config.Units[0]} ...), window {config.BinNs * 1e-6} ms."));
        screen.WriteLine($"Outputs: {Names([.. config.Outputs.Select(output => $"{output.Name} ({output.Unit})")])}.");
        foreach (var note in model.Notes) screen.MarkupLine($"[yellow]{Markup.Escape(note)}[/]");
    }
}
