using System.ComponentModel;
using System.Diagnostics;
using Realtime.Tests;

namespace Realtime.Interop.Tests.Models;

/// <summary>Runs models_peer.py and other scripts with the machine's Python and numpy.</summary>
internal static class NumpyPeer
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly Lazy<string?> Interpreter = new(() =>
        new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(name => Run(name, ["-c", "import numpy"]) is { Ok: true }));

    /// <summary>Why the tests cannot run, or null.</summary>
    public static string? Missing => Interpreter.Value is null ? "needs Python 3 with numpy on this machine" : null;

    /// <summary>What the script printed.</summary>
    public static string Call(params string[] arguments) => CallScript(Path.Combine("Models", "models_peer.py"), arguments);

    /// <summary>What a script of this project printed.</summary>
    public static string CallScript(string name, params string[] arguments)
    {
        Assert.True(Missing is null, Missing);
        var script = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Interop.Tests", name);
        var (ok, output, error) = Run(Interpreter.Value!, [script, .. arguments]);
        Assert.True(ok, error);
        return output;
    }

    private static (bool Ok, string Output, string Error) Run(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
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
