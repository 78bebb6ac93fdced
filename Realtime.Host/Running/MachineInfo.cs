using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;
using Realtime.Host.Reports;

namespace Realtime.Host.Running;

/// <summary>The machine and the runtime settings that figures were measured with.</summary>
public static class MachineInfo
{
    public static MachineReport Describe() => new()
    {
        Cpu = CpuName(),
        Cores = Environment.ProcessorCount,
        Os = RuntimeInformation.OSDescription,
        Dotnet = RuntimeInformation.FrameworkDescription,
        Timer = $"{(Stopwatch.IsHighResolution ? "high resolution" : "low resolution")}, {1e9 / Stopwatch.Frequency:0.###} ns",
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };

    public static IReadOnlyDictionary<string, string> RuntimeSettings() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["gc_latency_mode"] = GCSettings.LatencyMode.ToString(),
        ["gc_server"] = GCSettings.IsServerGC ? "on" : "off",
        ["tiered_compilation"] = AppContext.TryGetSwitch("System.Runtime.TieredCompilation", out var tiered) && !tiered ? "off" : "on",
    };

    private static string CpuName()
    {
        if (OperatingSystem.IsWindows()) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
            return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
        }
        catch (IOException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
