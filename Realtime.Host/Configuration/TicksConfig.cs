namespace Realtime.Host.Configuration;

/// <summary>When ticks fall, and what is done when data or answers come late. Times are data time unless said otherwise.</summary>
public sealed record TicksConfig
{
    /// <summary>Distance of two ticks, ms of data time.</summary>
    public double HopMs { get; init; } = 50;

    /// <summary>Length of the window behind each tick, ms of data time; null = what the model was fitted with.</summary>
    public double? WindowMs { get; init; }

    /// <summary>Sample number on the first source at which tick counting starts.</summary>
    public long OriginSample { get; init; }

    /// <summary>Host time that a tick waits for streams that are behind, ms; then it is closed without them.</summary>
    public double LatenessMs { get; init; } = 100;

    /// <summary>Host time from a tick being due until its answer counts as late, ms.</summary>
    public double DeadlineMs { get; init; } = 25;

    /// <summary>A jump of the source's clock beyond this is a restart, not a gap to fill with ticks, ms.</summary>
    public double MaxGapMs { get; init; } = 2000;

    /// <summary>Spikes that one window can hold; the oldest make room.</summary>
    public int MaxWindowSpikes { get; init; } = 65536;

    /// <summary>Whether ticks that are already late are answered with held values to catch up, rather than decoded late.</summary>
    public bool HoldOnOverload { get; init; } = true;

    public long HopNs => Milliseconds.ToNs(HopMs);

    public long? WindowNs => WindowMs is { } ms ? Milliseconds.ToNs(ms) : null;

    public long LatenessNs => Milliseconds.ToNs(LatenessMs);

    public long DeadlineNs => Milliseconds.ToNs(DeadlineMs);

    public long MaxGapNs => Milliseconds.ToNs(MaxGapMs);
}
