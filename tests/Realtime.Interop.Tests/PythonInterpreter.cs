using System.Collections.Concurrent;
using System.Diagnostics;

namespace Realtime.Interop.Tests;

/// <summary>Finds a Python 3 and says which modules it lacks.</summary>
internal static class PythonInterpreter
{
    // A slow import (scipy on a cold disk) takes seconds; a hang must still end.
    private const int ImportTimeoutMs = 60_000;

    private static readonly ConcurrentDictionary<string, string?> Missing = new();

    /// <summary>
    /// The interpreter's path, or null where there is none. The system's own is taken first: distributions package the peers for it.
    /// </summary>
    public static string? Path { get; } = Find();

    /// <summary>Null when Python and every module are there, otherwise what is missing. Any thread.</summary>
    public static string? WhyMissing(params string[] modules)
    {
        if (Path is null) return "needs Python 3 (looked at /usr/bin/python3 and for python3 and python on PATH)";
        return Missing.GetOrAdd(string.Join(',', modules), _ => Import(modules));
    }

    private static string? Find()
    {
        const string systemPython = "/usr/bin/python3";
        if (File.Exists(systemPython)) return systemPython;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries);
        string[] names = OperatingSystem.IsWindows() ? ["python3.exe", "python.exe"] : ["python3"];
        foreach (var name in names)
        {
            foreach (var folder in folders)
            {
                var path = System.IO.Path.Combine(folder, name);
                if (File.Exists(path)) return path;
            }
        }

        return null;
    }

    private static string? Import(string[] modules)
    {
        if (modules.Length == 0) return null;
        var start = new ProcessStartInfo(Path!) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("import " + string.Join(", ", modules));
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(ImportTimeoutMs))
        {
            process.Kill();
            return $"importing {string.Join(", ", modules)} in {Path} took longer than {ImportTimeoutMs / 1000} s";
        }

        if (process.ExitCode == 0) return null;
        var lines = errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return $"needs the Python modules {string.Join(", ", modules)} in {Path}: {(lines.Length > 0
            ? lines[^1].Trim()
            : "import failed")}";
    }
}
