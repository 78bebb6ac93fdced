using Realtime.Engine.Time;

namespace Realtime.Acquisition.Replay;

/// <summary>
/// Waits until a point in time to within some microseconds on an idle core: sleeps most of the way, spins the rest. One thread.
/// </summary>
public sealed class PreciseWait(IClock clock) : IDisposable
{
    // Long sleeps are cut, so that stopping takes effect soon.
    private const long LongestSleepNs = 50_000_000;

    private readonly CoarseSleep _sleep = CoarseSleep.Create();

    /// <summary>Returns when the clock has reached <paramref name="dueNs"/>, at once when it has passed. False when stopped
    /// before.</summary>
    public bool Until(long dueNs, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var left = dueNs - clock.NowNs;
            if (left <= 0) return true;
            var sleep = Math.Min(left, LongestSleepNs) - _sleep.OvershootNs;
            if (sleep > 0) _sleep.Sleep(sleep);
            else Thread.SpinWait(20);
        }

        return false;
    }

    public void Dispose() => _sleep.Dispose();
}
