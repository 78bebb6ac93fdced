using Realtime.Host.Configuration;
using Realtime.Host.Reports;

namespace Realtime.Host.Doctor;

/// <summary>Whether enough memory is free that nothing of this program is swapped out.</summary>
internal static class MemoryCheck
{
    /// <summary>Bytes of one event in a ring.</summary>
    private const long EventBytes = 24;

    /// <summary>The program itself, a model and the report's series take a few hundred MB.</summary>
    private const long ProgramBytes = 500_000_000;

    /// <summary>Below this the system begins to swap when another program grows.</summary>
    private const long ComfortBytes = 2_000_000_000;

    public static CheckResult Run(RigConfig config)
    {
        // The figures are those of the latest collection, so there must have been one.
        GC.Collect(0);
        var memory = GC.GetGCMemoryInfo();
        return Judge(memory.TotalAvailableMemoryBytes, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes, config);
    }

    internal static CheckResult Judge(long total, long free, RigConfig config)
    {
        var needed = ProgramBytes + config.Sources.Sum(source => source.RingCapacity * EventBytes);
        var seen = $"{ReportText.Three(free / 1e9)} of {ReportText.Three(total / 1e9)} GB free; this config needs about "
            + $"{ReportText.Three(needed / 1e9)} GB";
        if (free < needed) return new("memory", CheckLevel.Fail, seen, "Close other programs, or lower ring_capacity.");
        return free < needed + ComfortBytes
            ? new("memory", CheckLevel.Warn, seen, "Little memory is left; close other programs, or swapping will stall the run.")
            : new("memory", CheckLevel.Ok, seen);
    }
}
