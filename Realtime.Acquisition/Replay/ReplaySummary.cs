namespace Realtime.Acquisition.Replay;

/// <summary>What a replay has sent, and how well it kept its times.</summary>
public sealed record ReplaySummary
{
    public required long Messages { get; init; }

    public required long Spikes { get; init; }

    /// <summary>Behaviour rows; each was one message per channel.</summary>
    public required long BehaviourSamples { get; init; }

    /// <summary>Video frames.</summary>
    public required long Frames { get; init; }

    public required long Blocks { get; init; }

    /// <summary>Rounds begun: 1 without looping.</summary>
    public required long Rounds { get; init; }

    /// <summary>Messages that subscribers lost at the high-water mark, counted once for each.</summary>
    public required long Dropped { get; init; }

    /// <summary>Longest time from a block's planned sending to its actual one, ms; 0 at speed 0, where nothing is planned.</summary>
    public required double MaxLatenessMs { get; init; }

    public required double MedianLatenessMs { get; init; }

    public required double P99LatenessMs { get; init; }

    /// <summary>From the first block's planned start to the end of sending, s.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>All that subscribers were to get was taken by the network before the lingering time ended.</summary>
    public required bool Flushed { get; init; }

    /// <summary>The replay was stopped before its end.</summary>
    public required bool Stopped { get; init; }
}
