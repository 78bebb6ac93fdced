namespace Realtime.Host.Configuration;

/// <summary>How a thread waits for work.</summary>
public enum WaitMode
{
    /// <summary>The operating system wakes it: no core is kept busy, some tens of microseconds are added.</summary>
    Blocking,

    /// <summary>It polls: lowest latency, one core kept busy.</summary>
    Spinning,
}
