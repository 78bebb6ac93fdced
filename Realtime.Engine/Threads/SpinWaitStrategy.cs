namespace Realtime.Engine.Threads;

/// <summary>Never sleeps: lowest latency, at the price of a whole core.</summary>
public sealed class SpinWaitStrategy : IWaitStrategy
{
    // NB: SpinWait.SpinOnce() falls into Sleep(1) (measured p50 782 us); a bare pause does not.
    private const int Pauses = 8;

    // Between two of them pass a few hundred ns of pauses: a core of its own loses little, and on a shared one the threads that bring the
    // data get to run at once instead of waiting for the end of a time slice.
    private const int WaitsPerYield = 8;

    private int _waits;

    /// <inheritdoc/>
    public void Wait(long idleNs, long untilDueNs, Func<bool> hasWork)
    {
        if (++_waits % WaitsPerYield == 0) Thread.Yield();
        else Thread.SpinWait(Pauses);
    }
}
