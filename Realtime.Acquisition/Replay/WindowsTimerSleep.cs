using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Realtime.Acquisition.Replay;

/// <summary>Sleeps on a high-resolution waitable timer (Windows 10 version 1803 and later), which ends within about 0.5 ms of its time
/// and needs no change of the system-wide timer period.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsTimerSleep : CoarseSleep
{
    private const uint HighResolution = 0x00000002;
    private const uint TimerAllAccess = 0x1F0003;
    private const uint TimeoutMs = 1000;

    private readonly nint _timer;

    private WindowsTimerSleep(nint timer) => _timer = timer;

    public override long OvershootNs => 700_000;

    /// <summary>Null where the system has no such timers.</summary>
    public static WindowsTimerSleep? TryCreate()
    {
        var timer = CreateWaitableTimerEx(0, 0, HighResolution, TimerAllAccess);
        return timer == 0 ? null : new WindowsTimerSleep(timer);
    }

    public override void Sleep(long ns)
    {
        var due = -Math.Max(1, ns / 100); // negative: from now on, in steps of 100 ns
        if (SetWaitableTimer(_timer, in due, 0, 0, 0, 0) == 0) Thread.Sleep(0);
        else _ = WaitForSingleObject(_timer, TimeoutMs);
    }

    public override void Dispose() => CloseHandle(_timer);

    [LibraryImport("kernel32.dll", EntryPoint = "CreateWaitableTimerExW")]
    private static partial nint CreateWaitableTimerEx(nint attributes, nint name, uint flags, uint access);

    [LibraryImport("kernel32.dll")]
    private static partial int SetWaitableTimer(nint timer, in long due, int period, nint routine, nint argument, int resume);

    [LibraryImport("kernel32.dll")]
    private static partial uint WaitForSingleObject(nint handle, uint timeoutMs);

    [LibraryImport("kernel32.dll")]
    private static partial int CloseHandle(nint handle);
}
