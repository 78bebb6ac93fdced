using System.Diagnostics;
using System.Globalization;
using Realtime.Engine.Sessions;

namespace Realtime.Host.Demo;

/// <summary>A second process of this program that replays a session; it ends with its owner.</summary>
public sealed class ReplayProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ReplayProcess(Process process, int dataPort, int heartbeatPort) => (_process, DataPort, HeartbeatPort) = (process, dataPort, heartbeatPort);

    public int DataPort { get; }

    public int HeartbeatPort { get; }

    /// <summary>The process, for its statistics and its placement.</summary>
    public Process Process => _process;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts the replay on free ports; it begins once one subscriber is there.</summary>
    /// <exception cref="UserErrorException">The process did not start serving.</exception>
    public static ReplayProcess Start(string sessionFolder, TimeRange range, double speed)
    {
        // The executable lies beside its assembly, whichever program loaded it; without one, the runtime starts the assembly.
        var assembly = typeof(ReplayProcess).Assembly.Location;
        var executable = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        var start = new ProcessStartInfo(File.Exists(executable) ? executable : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (start.FileName == "dotnet") start.ArgumentList.Add(assembly);
        string[] arguments =
        [
            "replay", sessionFolder,
            "--from", range.Start.ToString("R", CultureInfo.InvariantCulture),
            "--to", range.End.ToString("R", CultureInfo.InvariantCulture),
            "--speed", speed.ToString("R", CultureInfo.InvariantCulture),
            "--data-port", "0",
            "--wait-subscribers", "1",
            "--exit-with", Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        var errors = new List<string>();
        var process = Process.Start(start) ?? throw new UserErrorException("The replay process could not be started.", ExitCode.Unexpected);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (errors) errors.Add(line.Data);
        };
        process.BeginErrorReadLine();
        var first = process.StandardOutput.ReadLineAsync();
        if (!first.Wait(StartLimit) || first.Result is not { } ports || ports.Split([' ', ',']) is not ["data", var data, "", "heartbeat", var heartbeat])
        {
            process.Kill();
            process.WaitForExit();
            lock (errors) throw new UserErrorException($"The replay process did not start serving: {string.Join(" ", errors)}", ExitCode.Unexpected);
        }

        return new ReplayProcess(process, int.Parse(data, CultureInfo.InvariantCulture), int.Parse(heartbeat, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
