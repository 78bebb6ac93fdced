using System.Diagnostics;
using System.Text;

namespace Realtime.Interop.Tests.Program;

/// <summary>The program itself, run as a user runs it: a process with arguments, exit code, stdout and stderr.</summary>
internal sealed class Rtdecode : IDisposable
{
    // Longer than anything here takes on a busy machine with two cores; a hanging process must not hang the tests.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private Rtdecode(IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "rtdecode.exe" : "rtdecode");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public static Rtdecode Start(params string[] arguments) => new(arguments);

    /// <summary>Runs to the end and gives the exit code, stdout and stderr.</summary>
    public static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var process = new Rtdecode(arguments);
        return (process.WaitForExit(), process.Output, process.Errors);
    }

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Limit), $"rtdecode did not end within {Limit}. It said: {Errors}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Waits until stderr or stdout holds that text.</summary>
    public void WaitFor(string text) => Assert.True(
        SpinWait.SpinUntil(() => Errors.Contains(text, StringComparison.Ordinal) || Output.Contains(text, StringComparison.Ordinal) || _process.HasExited, Limit)
        && !(_process.HasExited && !Errors.Contains(text, StringComparison.Ordinal) && !Output.Contains(text, StringComparison.Ordinal)),
        $"rtdecode never said '{text}'. It said: {Output}{Errors}");

    /// <summary>Sends a signal by name (INT, TERM, KILL, STOP). Unix only.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Ends it at once, without a chance to write anything.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.AppendLine(line);
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
