using System.Diagnostics;
using System.Text;
using Realtime.Tests;

namespace Realtime.Interop.Tests.MessagePack;

/// <summary>The script peer.mjs under Node.js: lines in, lines out. One test thread; the process is killed on dispose.</summary>
internal sealed class NodePeer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public NodePeer()
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Folder,
        };
        start.ArgumentList.Add("peer.mjs");
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where the script, package.json and node_modules lie.</summary>
    private static string Folder => Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Interop.Tests", "MessagePack");

    /// <summary>Null when Node.js and the package are there, otherwise what is missing and how to get it.</summary>
    public static string? WhyMissing()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@msgpack", "msgpack")))
            return "needs @msgpack/msgpack: run 'npm ci' in tests/Realtime.Interop.Tests/MessagePack";
        try
        {
            var start = new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true, UseShellExecute = false, CreateNoWindow = true };
            using var node = Process.Start(start)!;
            node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            return node.ExitCode == 0 ? null : "needs Node.js: 'node --version' failed";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "needs Node.js: there is no 'node' on PATH";
        }
    }

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>The next line of output; fails with the script's own errors when none comes.</summary>
    public string ReadLine(int timeoutMs = 30_000)
    {
        var line = _process.StandardOutput.ReadLineAsync();
        if (!line.Wait(timeoutMs)) throw new InvalidOperationException($"The Node.js peer printed nothing for {timeoutMs} ms.");
        return line.Result ?? throw new InvalidOperationException($"The Node.js peer has ended:\n{_errors.Result}");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
