namespace Realtime.Engine.Threads;

/// <summary>What the decode thread does when it has nothing to do. One thread calls it; no allocation.</summary>
public interface IWaitStrategy
{
    /// <summary>Waits a little, or until woken.</summary>
    /// <param name="idleNs">How long there has been nothing to do, ns.</param>
    /// <param name="untilDueNs">Time until a tick must be closed by itself, ns.</param>
    /// <param name="hasWork">Looks once more whether there is work; called before sleeping.</param>
    void Wait(long idleNs, long untilDueNs, Func<bool> hasWork);
}
