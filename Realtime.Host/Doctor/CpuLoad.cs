using System.Runtime.InteropServices;

namespace Realtime.Host.Doctor;

/// <summary>How busy all cores together are.</summary>
internal static partial class CpuLoad
{
    /// <summary>Share 0..1 over a short while; null where the system does not tell.</summary>
    public static double? Measure(TimeSpan length)
    {
        if (Read() is not { } before) return null;
        Thread.Sleep(length);
        return Read() is { } after ? Share(before, after) : null;
    }

    /// <summary>Ticks of all cores from the first line of /proc/stat: user nice system idle iowait irq softirq steal.</summary>
    internal static (long Idle, long Total)? ParseProcStat(string? text)
    {
        var words = (text ?? "").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 6 || words[0] != "cpu") return null;
        var ticks = words.Skip(1).Take(8).Select(word => long.TryParse(word, out var value) ? value : 0).ToArray();
        return (ticks[3] + ticks[4], ticks.Sum());
    }

    internal static double? Share((long Idle, long Total) before, (long Idle, long Total) after)
    {
        var total = after.Total - before.Total;
        return total > 0 ? Math.Clamp(1 - (double)(after.Idle - before.Idle) / total, 0, 1) : null;
    }

    private static (long Idle, long Total)? Read()
    {
        if (OperatingSystem.IsLinux()) return ParseProcStat(MachineFiles.Read("/proc/stat"));
        if (!OperatingSystem.IsWindows()) return null;

        // Windows counts idle time as part of kernel time.
        return GetSystemTimes(out var idle, out var kernel, out var user) ? (idle, kernel + user) : null;
    }

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemTimes(out long idle, out long kernel, out long user);
}
