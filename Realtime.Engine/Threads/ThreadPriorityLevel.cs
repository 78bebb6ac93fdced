namespace Realtime.Engine.Threads;

/// <summary>How strongly a thread of the hot path is preferred by the operating system.</summary>
public enum ThreadPriorityLevel
{
    Normal,

    /// <summary>Windows: highest ordinary priority. Linux: nice -10 for the thread, where permitted.</summary>
    High,

    /// <summary>Windows: time-critical. Linux: SCHED_FIFO 50. Can starve the machine when the thread spins on a shared core.</summary>
    Realtime,
}
