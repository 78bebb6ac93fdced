using System.Globalization;
using Realtime.Engine.Threads;
using Realtime.Host.Configuration;

namespace Realtime.Host.Doctor;

/// <summary>Whether this user may raise a thread's priority and pin it, as far as the config asks for it.</summary>
internal static class RightsCheck
{
    /// <summary>The capability that lets a process raise its priority on Linux (capabilities(7)).</summary>
    private const int CapSysNice = 23;

    /// <summary>What the priorities of the config mean on Linux: SCHED_FIFO 50, and nice -10.</summary>
    private const int RealtimePriority = 50;

    private const int HighNice = -10;

    public static CheckResult Run(RigConfig config)
    {
        var priority = config.DecodeThread.Priority;
        if (OperatingSystem.IsWindows()) return JudgeWindows(priority, Environment.IsPrivilegedProcess);
        return OperatingSystem.IsLinux()
            ? JudgeLinux(priority, MachineFiles.Read("/proc/self/status"), MachineFiles.Read("/proc/self/limits"), PinnedCores(config))
            : new("rights", CheckLevel.Ok, "not told by this system");
    }

    internal static CheckResult JudgeLinux(ThreadPriorityLevel priority, string? status, string? limits, IReadOnlyList<int> pinned)
    {
        var capable = ulong.TryParse(MachineFiles.Field(status, "CapEff"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var mask)
            && (mask >> CapSysNice & 1) == 1;
        var realtime = capable || Limit(limits, "Max realtime priority") >= RealtimePriority;

        // The limit counts 20 less the nice value.
        var nice = capable || Limit(limits, "Max nice priority") >= 20 - HighNice;
        var allowed = MachineFiles.Field(status, "Cpus_allowed_list") ?? "unknown";
        var seen = $"config asks for {ConfigWords.Of(priority)}; real-time priority {Word(realtime)}, raised priority {Word(nice)}, "
            + $"cores {allowed}";
        var outside = pinned.Where(core => !Contains(allowed, core)).ToArray();
        if (outside.Length > 0)
        {
            return new("rights", CheckLevel.Fail, seen, string.Create(CultureInfo.InvariantCulture,
                $"The config pins a thread to core {outside[0]}, which this process may not use; change cpu in the config or the "
                    + $"container's cores."));
        }

        var refused = priority == ThreadPriorityLevel.Realtime ? !realtime : priority == ThreadPriorityLevel.High && !nice && !realtime;
        return refused
            ? new("rights", CheckLevel.Warn, seen,
                "Add `@rtdecode - rtprio 50` and `@rtdecode - nice -10` to /etc/security/limits.conf for a group rtdecode, and "
                + "log in anew; or set decode_thread.priority to normal.")
            : new("rights", CheckLevel.Ok, seen);
    }

    internal static CheckResult JudgeWindows(ThreadPriorityLevel priority, bool elevated)
    {
        var seen = $"config asks for {ConfigWords.Of(priority)}; {(elevated ? "elevated" : "not elevated")}";
        return priority == ThreadPriorityLevel.Realtime && !elevated
            ? new("rights", CheckLevel.Warn, seen,
                "Windows gives real-time priority to elevated programs only; run as administrator, or set priority to high.")
            : new("rights", CheckLevel.Ok, seen);
    }

    /// <summary>Whether a list such as "0-3,8" holds the core.</summary>
    internal static bool Contains(string list, int core)
    {
        foreach (var part in list.Split(','))
        {
            var ends = part.Split('-');
            if (!int.TryParse(ends[0], out var first)) return true;
            if (core >= first && core <= (ends.Length > 1 && int.TryParse(ends[1], out var last) ? last : first)) return true;
        }

        return false;
    }

    /// <summary>The soft limit of a row of /proc/self/limits; 0 where there is none.</summary>
    internal static long Limit(string? limits, string name)
    {
        var row = (limits ?? "").Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var words = row?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not { Length: > 0 }) return 0;
        if (words[0] == "unlimited") return long.MaxValue;
        return long.TryParse(words[0], out var value) ? value : 0;
    }

    private static int[] PinnedCores(RigConfig config) =>
        config.Sources.Select(source => source.Cpu).Append(config.DecodeThread.Cpu).OfType<int>().ToArray();

    private static string Word(bool allowed) => allowed ? "allowed" : "not allowed";
}
