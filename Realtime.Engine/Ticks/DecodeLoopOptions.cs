namespace Realtime.Engine.Ticks;

/// <summary>When ticks close and what happens when one cannot be answered in time. All times are data or host ns.</summary>
public sealed record DecodeLoopOptions
{
    /// <summary>Data time from one tick to the next.</summary>
    public required long HopNs { get; init; }

    /// <summary>Data time that a tick's window spans; at least the decoder's own.</summary>
    public required long WindowNs { get; init; }

    /// <summary>The sample of the reference stream (the first) that has data time 0; tick ends are multiples of the hop from it.</summary>
    public long OriginSample { get; init; }

    /// <summary>A tick closes this long after its end stood on the host, whether or not every stream has delivered.</summary>
    public long LatenessNs { get; init; } = 100_000_000;

    /// <summary>An answer handed out later than this after its tick could close is late.</summary>
    public long DeadlineNs { get; init; } = 25_000_000;

    /// <summary>A jump in data time beyond this, with no host time passing, is a new epoch and not a gap.</summary>
    public long MaxGapNs { get; init; } = 2_000_000_000;

    /// <summary>Most spikes in the window: 65,536 is 1 s of 384 channels at 170 Hz each.</summary>
    public int MaxWindowSpikes { get; init; } = 65_536;

    /// <summary>Speed of data time against host time; 0 for a source that runs as fast as it can, where only watermarks close ticks.</summary>
    public double ReplaySpeed { get; init; } = 1;

    /// <summary>When several ticks wait and the older have missed their deadline: hold them and decode the newest only. Decoders with state are never skipped.</summary>
    public bool HoldOnOverload { get; init; } = true;

    /// <summary>Smallest and largest believable value of each output, or null; an answer outside is held.</summary>
    public IReadOnlyList<(float Min, float Max)>? Limits { get; init; }

    /// <summary>What begins a trial; null where nothing does.</summary>
    public TrialTrigger? Trials { get; init; }

    /// <summary>The last data time to answer: no tick ends after it. For runs over a known stretch, such as a replay.</summary>
    public long LastNs { get; init; } = long.MaxValue;

    /// <summary>Ticks before the counters of allocation and garbage collections start, so that first calls do not count.</summary>
    public int WarmUpTicks { get; init; } = 20;
}
