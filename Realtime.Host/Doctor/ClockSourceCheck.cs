using System.Diagnostics;

namespace Realtime.Host.Doctor;

/// <summary>Which hardware the monotonic clock is read from: some cost microseconds for each reading.</summary>
internal static class ClockSourceCheck
{
    public static CheckResult Run() => OperatingSystem.IsLinux()
        ? JudgeLinux(MachineFiles.Read("/sys/devices/system/clocksource/clocksource0/current_clocksource"))
        : JudgeOther(Stopwatch.IsHighResolution, Stopwatch.Frequency);

    internal static CheckResult JudgeLinux(string? source) => source switch
    {
        null => new("clock source", CheckLevel.Ok, "not told by this system"),
        "hpet" or "acpi_pm" or "jiffies" or "pit" => new("clock source", CheckLevel.Warn, source,
            "Reading this clock is slow; boot with `clocksource=tsc tsc=reliable` if the processor's TSC is stable."),
        _ => new("clock source", CheckLevel.Ok, source),
    };

    internal static CheckResult JudgeOther(bool highResolution, long frequency) => highResolution
        ? new("clock source", CheckLevel.Ok,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"performance counter, {frequency / 1e6} MHz"))
        : new("clock source", CheckLevel.Fail, "no performance counter", "This machine cannot time spikes; use another.");
}
