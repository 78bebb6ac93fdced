namespace Realtime.Engine.Threads;

/// <summary>
/// Wakes one waiting thread. Setting it costs a memory fence while the waiter is awake; only a waiter that really sleeps costs a call into
/// the operating system. Any number of threads may set it; one thread waits.
/// </summary>
public sealed class WakeSignal : IDisposable
{
    private readonly AutoResetEvent _event = new(false);
    private int _sleeping;

    /// <summary>Call after the data have been made visible (written to a ring).</summary>
    public void Set()
    {
        // NB: without the full fence the read below may pass the caller's write, and the waiter would sleep on full rings.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0) _event.Set();
    }

    /// <summary>Announces sleep. The waiter must look at its rings once more before <see cref="Sleep"/>.</summary>
    public void PrepareToSleep() => Interlocked.Exchange(ref _sleeping, 1);

    /// <summary>Takes the announcement back when the second look found work.</summary>
    public void CancelSleep() => Volatile.Write(ref _sleeping, 0);

    /// <summary>Sleeps until set, or for that long.</summary>
    public void Sleep(int timeoutMs)
    {
        _event.WaitOne(timeoutMs);
        Volatile.Write(ref _sleeping, 0);
    }

    public void Dispose() => _event.Dispose();
}
