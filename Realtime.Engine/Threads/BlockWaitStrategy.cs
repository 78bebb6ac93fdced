namespace Realtime.Engine.Threads;

/// <summary>Spins for a moment, then sleeps until a receiving thread sets the signal or the next tick is due. For rigs without a core to spare.</summary>
/// <param name="signal">Set by the receiving threads after each event that can close a tick.</param>
/// <param name="spinNs">How long to spin before sleeping.</param>
public sealed class BlockWaitStrategy(WakeSignal signal, long spinNs) : IWaitStrategy
{
    // Bounds what a lost wake-up could cost, and keeps the stop request prompt.
    private const int MaxSleepMs = 50;
    private const int Pauses = 8;

    /// <inheritdoc/>
    public void Wait(long idleNs, long untilDueNs, Func<bool> hasWork)
    {
        var sleepMs = (int)Math.Clamp(untilDueNs / 1_000_000, 0, MaxSleepMs);
        if (idleNs < spinNs || sleepMs == 0)
        {
            Thread.SpinWait(Pauses);
            return;
        }

        signal.PrepareToSleep();
        if (hasWork())
        {
            signal.CancelSleep();
            return;
        }

        signal.Sleep(sleepMs);
    }
}
