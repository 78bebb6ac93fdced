using System.Runtime.InteropServices;

namespace Realtime.LatencyLab.Transport;

/// <summary>Binds the calling thread to one core, where the system lets us.</summary>
internal static partial class Pinning
{
    /// <summary>True when the calling thread now runs on that core alone.</summary>
    public static unsafe bool TryPin(int core)
    {
        if (core >= Environment.ProcessorCount || core >= 64) return false;
        if (OperatingSystem.IsWindows()) return SetThreadAffinityMask(GetCurrentThread(), (nuint)1 << core) != 0;
        if (!OperatingSystem.IsLinux()) return false;
        var mask = 1UL << core;
        return SetAffinity(0, sizeof(ulong), &mask) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static unsafe partial int SetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("kernel32")]
    private static partial nuint SetThreadAffinityMask(nint thread, nuint mask);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentThread();
}
