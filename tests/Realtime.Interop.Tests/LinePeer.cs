using System.Diagnostics;
using System.Text;

namespace Realtime.Interop.Tests;

/// <summary>
/// A program that a test talks to line by line, other than Python (see <see cref="PythonPeer"/>). One test thread; killed on dispose.
/// </summary>
internal sealed class LinePeer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <param name="program">The program, found on PATH.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="arguments">Passed on one by one; no quoting needed.</param>
    public LinePeer(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>The next line of output; fails with the program's own errors when it has ended.</summary>
    public string ReadLine(int timeoutMs = 30_000)
    {
        var line = _process.StandardOutput.ReadLineAsync();
        if (!line.Wait(timeoutMs))
            throw new InvalidOperationException($"{_process.StartInfo.FileName} printed nothing for {timeoutMs} ms.");
        return line.Result ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} has ended:\n{_errors.Result}");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
