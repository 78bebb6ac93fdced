using System.Runtime.InteropServices;

namespace Realtime.Engine.Threads;

/// <summary>Windows: affinity by mask within the first processor group, priority by the thread's own class.</summary>
internal sealed partial class WindowsThreadControl : IThreadControl
{
    private const int ThreadPriorityTimeCritical = 15;
    private const int MaskBits = 64;

    public string? TryPin(int cpu)
    {
        if (cpu >= MaskBits) return $"Windows pins threads within a group of {MaskBits} cores; core {cpu} is in another group.";
        return SetThreadAffinityMask(GetCurrentThread(), (nuint)(1UL << cpu)) != 0
            ? null
            : $"Windows refused to pin the thread to core {cpu} (error {Marshal.GetLastPInvokeError()}).";
    }

    public string? TrySetPriority(ThreadPriorityLevel priority)
    {
        if (priority == ThreadPriorityLevel.High)
        {
            Thread.CurrentThread.Priority = ThreadPriority.Highest;
            return null;
        }

        return SetThreadPriority(GetCurrentThread(), ThreadPriorityTimeCritical)
            ? null
            : $"Windows refused time-critical priority (error {Marshal.GetLastPInvokeError()}).";
    }

    [LibraryImport("kernel32.dll")]
    private static partial nint GetCurrentThread();

    [LibraryImport("kernel32.dll", SetLastError = true)]
    private static partial nuint SetThreadAffinityMask(nint thread, nuint mask);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetThreadPriority(nint thread, int priority);
}
