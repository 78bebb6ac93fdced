using Realtime.Engine.Time;

namespace Realtime.LatencyLab.Transport;

/// <summary>
/// Waits for a moment: sleeps while it is far, spins when it is near. So the core is free between messages (libzmq's own threads need it),
/// and the moment is still met.
/// </summary>
internal static class Pacer
{
    // Sleep(1) was measured to return within 1.1 ms; spinning starts before that can overshoot.
    private const long SleepAboveNs = 1_500_000;

    /// <summary>Near the moment the core is still given to whoever wants it, until this close.</summary>
    private const long YieldAboveNs = 60_000;

    public static void WaitUntil(long ns)
    {
        while (true)
        {
            var left = ns - MonotonicClock.Instance.NowNs;
            if (left <= 0) return;
            if (left > SleepAboveNs) Thread.Sleep(1);
            else if (left > YieldAboveNs) Thread.Yield();
            else Thread.SpinWait(10);
        }
    }
}
