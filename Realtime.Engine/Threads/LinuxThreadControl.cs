using System.Runtime.InteropServices;

namespace Realtime.Engine.Threads;

/// <summary>Linux: <see cref="Thread.Priority"/> has no effect there, so the scheduler is called directly.</summary>
internal sealed partial class LinuxThreadControl : IThreadControl
{
    private const int SchedFifo = 1;
    private const int FifoPriority = 50;
    private const int PrioProcess = 0;
    private const int HighNice = -10;
    private const int MaskBytes = 128;

    public string? TryPin(int cpu)
    {
        Span<byte> mask = stackalloc byte[MaskBytes];
        mask.Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        return SchedSetAffinity(0, MaskBytes, mask) == 0
            ? null
            : $"Linux refused to pin the thread to core {cpu} (error {Marshal.GetLastPInvokeError()}): the core may be outside this process's cpuset.";
    }

    public string? TrySetPriority(ThreadPriorityLevel priority)
    {
        if (priority == ThreadPriorityLevel.High)
        {
            // NB: a "process" of setpriority is one thread on Linux; 0 is the caller.
            return SetPriority(PrioProcess, 0, HighNice) == 0
                ? null
                : "Linux refused a higher priority: allow it with 'ulimit -e 30' (limits.conf: nice -10) or run with CAP_SYS_NICE.";
        }

        var fifo = FifoPriority;
        return SchedSetScheduler(0, SchedFifo, ref fifo) == 0
            ? null
            : "Linux refused real-time scheduling: allow it with 'ulimit -r 50' (limits.conf: rtprio 50) or run with CAP_SYS_NICE.";
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nint size, Span<byte> mask);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SchedSetScheduler(int thread, int policy, ref int parameter);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int nice);
}
