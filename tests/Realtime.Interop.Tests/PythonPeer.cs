using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Realtime.Tests;

namespace Realtime.Interop.Tests;

/// <summary>
/// A Python program that a test talks to: a peer we did not write (pyzmq, msgpack, numpy ...). Standard output is read line by line,
/// standard input is written line by line; the process is killed on dispose. One test thread uses it.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private bool _disposed;

    private PythonPeer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => TakeOutput(line.Data);
        process.ErrorDataReceived += (_, line) => TakeError(line.Data);
    }

    /// <summary>All that the script has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>All that the script has written to standard error so far (a traceback, when it failed).</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>
    /// Starts a script that is committed beside the tests.
    /// </summary>
    /// <param name="script">Path under tests/Realtime.Interop.Tests with forward slashes, such as "ZeroMq/pub.py".</param>
    /// <param name="arguments">Passed on one by one; no quoting needed.</param>
    public static PythonPeer Start(string script, params string[] arguments)
    {
        var path = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Interop.Tests", script.Replace('/', Path.DirectorySeparatorChar));
        if (!File.Exists(path)) throw new FileNotFoundException($"No test script {script}.", path);
        var interpreter = PythonInterpreter.Path ?? throw new InvalidOperationException("No Python 3 was found; use NeedsPythonFact.");
        var start = new ProcessStartInfo(interpreter)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetDirectoryName(path)!,
        };

        // -B leaves no __pycache__ behind, -u makes each printed line arrive at once.
        start.ArgumentList.Add("-B");
        start.ArgumentList.Add("-u");
        start.ArgumentList.Add(path);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PYTHONIOENCODING"] = "utf-8";

        var process = new Process { StartInfo = start };
        var peer = new PythonPeer(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return peer;
    }

    /// <summary>The next line of output; fails with the script's own errors when none comes in time or the script has ended.</summary>
    public string ReadLine(int timeoutMs = 30_000)
    {
        try
        {
            if (_lines.TryTake(out var line, timeoutMs)) return line;
        }
        catch (InvalidOperationException)
        {
            // Completed between the check and the take: the script has ended.
        }

        throw new InvalidOperationException(
            $"The Python peer printed no further line ({(HasExited ? "it has ended" : $"waited {timeoutMs} ms")}).\n{Output}\n{Errors}");
    }

    /// <summary>Reads the next line and fails unless it is <paramref name="expected"/>.</summary>
    public void Expect(string expected, int timeoutMs = 30_000)
    {
        var line = ReadLine(timeoutMs);
        if (line != expected)
        {
            throw new InvalidOperationException($"The Python peer printed '{line}', not '{expected}'.\n{Output}\n{Errors}");
        }
    }

    /// <summary>Sends one line to the script's standard input.</summary>
    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the script to end by itself and returns its exit code; fails with its errors when it does not.</summary>
    public int WaitForExit(int timeoutMs = 30_000)
    {
        if (!_process.WaitForExit(timeoutMs))
        {
            throw new InvalidOperationException($"The Python peer was still running after {timeoutMs} ms.\n{Output}\n{Errors}");
        }

        // The overload without a time also waits for the last lines of output.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Ends the script at once, as a crash or a power cut would.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Kill();
        _process.Dispose();
    }

    private void TakeOutput(string? line)
    {
        if (line is null)
        {
            _lines.CompleteAdding();
            return;
        }

        lock (_output) _output.AppendLine(line);
        _lines.Add(line);
    }

    private void TakeError(string? line)
    {
        if (line is null) return;
        lock (_errors) _errors.AppendLine(line);
    }
}
