using System.ComponentModel;
using System.Diagnostics;
using Realtime.Tests;

namespace Realtime.Interop.Tests.Models;

/// <summary>Runs checkpoint_peer.py: checkpoints that Python or PyTorch itself wrote.</summary>
internal static class CheckpointPeer
{
    // Importing PyTorch from a cold disk takes long.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly Lazy<string?> Torch = new(() =>
        new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(name => Run(name, ["-c", "import torch"]).Ok));

    /// <summary>Why the tests with PyTorch cannot run, or null.</summary>
    public static string? MissingTorch => Torch.Value is null ? "needs Python 3 with PyTorch on this machine" : null;

    /// <summary>Writes a checkpoint with the standard library alone.</summary>
    /// <returns>What the script printed.</returns>
    public static string Stdlib(string path, int protocol) => Call(PythonInterpreter.Path!, "stdlib", path, protocol);

    /// <summary>Writes a file with PyTorch: "torch", "legacy", "script" or "module".</summary>
    /// <returns>What the script printed.</returns>
    public static string WithTorch(string command, string path, int protocol = 2)
    {
        Assert.True(MissingTorch is null, MissingTorch);
        return Call(Torch.Value!, command, path, protocol);
    }

    private static string Call(string interpreter, string command, string path, int protocol)
    {
        var script = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Interop.Tests", "Models", "checkpoint_peer.py");
        var (ok, output, error) = Run(interpreter, ["-B", script, command, path, protocol.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.True(ok, error);
        return output;
    }

    private static (bool Ok, string Output, string Error) Run(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Limit))
            {
                process.Kill();
                return (false, "", $"{program} did not end within {Limit}.");
            }

            return (process.ExitCode == 0, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
        catch (Win32Exception missing)
        {
            return (false, "", missing.Message);
        }
    }
}
