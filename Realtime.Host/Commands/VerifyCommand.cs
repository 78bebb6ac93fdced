using System.CommandLine;
using System.Text.Json;
using Realtime.Engine.Text;
using Realtime.Host.Verifying;
using Realtime.Models.Verification;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode verify PATH</c>: runs a model against reference numbers, or the live form of a model file against its plain form.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "Model file, golden folder, or folder of golden folders (docs/verify.md)." };
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON object, the last line of stdout." };
        var command = new Command("verify", "Check that this machine computes a model right, stage by stage.") { path, json };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var report = VerifyReport.From(Verify(parsed.GetValue(path)!));
            VerifyView.Show(CommandRunner.Screen, report);
            if (parsed.GetValue(json)) Console.Out.WriteLine(JsonSerializer.Serialize(report, VerifyJsonContext.Default.VerifyReport));
            return report.Pass ? ExitCode.Ok : ExitCode.VerifyFailed;
        }));
        return command;
    }

    private static IReadOnlyList<VerifyCase> Verify(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path)) throw new UserErrorException($"There is no file or folder {path}{Neighbour(path)}.", ExitCode.BadInput);
        try
        {
            return Verifier.Run(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be read: {problem.Message}", ExitCode.BadInput);
        }
    }

    /// <summary>A hint at an entry beside the one that was asked for.</summary>
    private static string Neighbour(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var folder = Path.GetDirectoryName(full);
        return Directory.Exists(folder) ? NearestName.Hint(Path.GetFileName(full), Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!)) : "";
    }
}
