using System.Globalization;
using Realtime.Host.Configuration;

namespace Realtime.Host.Doctor;

/// <summary>Whether there are cores enough, and left over, for the threads that the config asks for.</summary>
internal static class CoresCheck
{
    /// <summary>Above this, threads wait for a core often enough to show at p99.</summary>
    private const double BusyShare = 0.7;

    public static CheckResult Run(RigConfig config) =>
        Judge(Environment.ProcessorCount, CpuLoad.Measure(TimeSpan.FromMilliseconds(300)), config);

    internal static CheckResult Judge(int cores, double? busy, RigConfig config)
    {
        var spinning = config.Sources.Count(source => source.Receive == WaitMode.Spinning) +
            (config.DecodeThread.Wait == WaitMode.Spinning ? 1 : 0);
        var load = busy is { } share ? string.Create(CultureInfo.InvariantCulture, $", {100 * share:0} % busy") : ", load not known";
        var seen = string.Create(CultureInfo.InvariantCulture, $"{cores} logical cores{load}; {spinning} threads of the config spin");
        var pinned = config.Sources.Select(source => source.Cpu).Append(config.DecodeThread.Cpu).Where(cpu => cpu >= cores).ToArray();
        if (pinned.Length > 0)
            return new("cores", CheckLevel.Fail, seen,
                string.Create(CultureInfo.InvariantCulture, $"The config pins a thread to core {pinned[0]}; the last one is {cores - 1}."));
        if (spinning >= cores)
            return new("cores", CheckLevel.Fail, seen,
                "Spinning threads would take every core; set receive or decode_thread.wait to blocking.");
        if (cores < 4)
            return new("cores", CheckLevel.Warn, seen,
                "Few cores: acquisition, receiving and decoding share them. Four or more are better; keep waits blocking.");
        return busy > BusyShare
            ? new("cores", CheckLevel.Warn, seen, "Other programs keep the cores busy; close them before a run.")
            : new("cores", CheckLevel.Ok, seen);
    }
}
