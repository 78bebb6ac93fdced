using System.Diagnostics;
using System.Runtime.InteropServices;
using Realtime.Host.Reports;

namespace Realtime.Host.Doctor;

/// <summary>Reads what a report says of the machine.</summary>
public static class MachineDescription
{
    /// <summary>The machine that this process runs on.</summary>
    public static MachineReport Read() => new()
    {
        Cpu = Processor(),
        Cores = Environment.ProcessorCount,
        Os = RuntimeInformation.OSDescription,
        Dotnet = RuntimeInformation.FrameworkDescription,
        Timer = $"{ClockSourceCheck.Run().Measured}, step {ReportText.Time(1e6 / Stopwatch.Frequency).Replace('\u00A0', ' ')}",
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };

    private static string Processor()
    {
        var name = OperatingSystem.IsLinux()
            ? MachineFiles.Field(MachineFiles.Read("/proc/cpuinfo"), "model name")
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return name ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
