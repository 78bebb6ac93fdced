using Realtime.Engine.Latency;

namespace Realtime.Engine.Ticks;

/// <summary>Where the time of the answers went. Written by the decode thread; see <see cref="LatencyHistogram"/> for reading.</summary>
public sealed class StageLatencies
{
    /// <summary>From the arrival that let the tick close to the decode loop closing it.</summary>
    public LatencyHistogram Close { get; } = new();

    /// <summary>The decoder call (fresh and late answers).</summary>
    public LatencyHistogram Decode { get; } = new();

    /// <summary>From the decoder's answer to the message handed to the sinks.</summary>
    public LatencyHistogram Send { get; } = new();

    /// <summary>From the arrival that let the tick close to the message handed to the sinks: open loop, a stall counts in full for every tick it delays.</summary>
    public LatencyHistogram Total { get; } = new();

    /// <summary>From the arrival of the last spike before the tick closed to the message handed to the sinks; only ticks in whose hop a spike arrived.</summary>
    public LatencyHistogram LastSpike { get; } = new();

    /// <summary>From the host time of the window's end (by the clock fit) to the message: how old the newest neural data are.</summary>
    public LatencyHistogram DataAge { get; } = new();
}
