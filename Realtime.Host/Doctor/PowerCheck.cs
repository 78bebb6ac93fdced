using System.Diagnostics;

namespace Realtime.Host.Doctor;

/// <summary>Whether the machine clocks its cores down between ticks: waking them costs time just when it matters.</summary>
internal static class PowerCheck
{
    private const string CpuFolder = "/sys/devices/system/cpu";

    public static CheckResult Run()
    {
        if (OperatingSystem.IsWindows()) return JudgeWindows(ActiveScheme());
        return OperatingSystem.IsLinux() ? JudgeLinux(Governors()) : new("power", CheckLevel.Ok, "not told by this system");
    }

    internal static CheckResult JudgeLinux(IReadOnlyCollection<string> governors)
    {
        if (governors.Count == 0) return new("power", CheckLevel.Ok, "no frequency control visible (usual in virtual machines)");
        var names = governors.Distinct().Order().ToArray();
        var seen = $"governor {string.Join(", ", names)}";
        return names is ["performance"]
            ? new("power", CheckLevel.Ok, seen)
            : new("power", CheckLevel.Warn, seen,
                "Cores clock down between ticks; `sudo cpupower frequency-set -g performance` before a run.");
    }

    /// <param name="scheme">What `powercfg /getactivescheme` wrote; its words are translated, its identifiers are not.</param>
    internal static CheckResult JudgeWindows(string? scheme)
    {
        const string remedy = "Choose the power plan High performance: `powercfg /setactive SCHEME_MIN`.";
        if (string.IsNullOrWhiteSpace(scheme)) return new("power", CheckLevel.Warn, "the power plan could not be read", remedy);
        bool Is(string identifier) => scheme.Contains(identifier, StringComparison.OrdinalIgnoreCase);
        if (Is("8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c")) return new("power", CheckLevel.Ok, "power plan High performance");
        if (Is("e9a42b02-d5df-448d-aa00-03f14749eb61")) return new("power", CheckLevel.Ok, "power plan Ultimate performance");
        if (Is("381b4222-f694-41f0-9685-ff5bb260df2e")) return new("power", CheckLevel.Warn, "power plan Balanced", remedy);
        if (Is("a1841308-3541-4fab-bc81-f71556f20b4a")) return new("power", CheckLevel.Warn, "power plan Power saver", remedy);
        return new("power", CheckLevel.Warn, $"power plan of your own: {scheme.Trim()}",
            "Make sure that it does not clock cores down. " + remedy);
    }

    private static string[] Governors()
    {
        if (!Directory.Exists(CpuFolder)) return [];
        return Directory.EnumerateDirectories(CpuFolder, "cpu*")
            .Select(folder => MachineFiles.Read(Path.Combine(folder, "cpufreq", "scaling_governor")))
            .OfType<string>().ToArray();
    }

    private static string? ActiveScheme()
    {
        try
        {
            using var program = Process.Start(new ProcessStartInfo("powercfg", "/getactivescheme")
            {
                RedirectStandardOutput = true,
                UseShellExecute = false
            });
            return program?.StandardOutput.ReadToEnd();
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }
}
