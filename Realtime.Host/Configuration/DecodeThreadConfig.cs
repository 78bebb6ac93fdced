using Realtime.Engine.Threads;

namespace Realtime.Host.Configuration;

/// <summary>How the decode thread waits and is scheduled.</summary>
public sealed record DecodeThreadConfig
{
    public WaitMode Wait { get; init; } = WaitMode.Blocking;

    /// <summary>How long a blocking wait polls before it sleeps, microseconds.</summary>
    public double SpinUs { get; init; } = 50;

    /// <summary>The core that the decode thread is pinned to, from 0; null = any.</summary>
    public int? Cpu { get; init; }

    /// <summary>Threads that compute one answer, the decode thread included.</summary>
    public int ComputeThreads { get; init; } = 1;

    /// <summary>The core that the second compute thread is pinned to, from 0; null = any.</summary>
    public int? ComputeCpu { get; init; }

    public ThreadPriorityLevel Priority { get; init; } = ThreadPriorityLevel.Normal;

    public long SpinNs => (long)Math.Round(SpinUs * 1e3);
}
