using System.Collections.Immutable;

namespace Realtime.Host.Reports;

/// <summary>
/// All that one run has to say for itself: the content of report.json and of <c>--json</c>. A stable contract: within a schema
/// version, fields are added and never renamed or given another meaning. docs/report.md documents each.
/// </summary>
public sealed record RunReport
{
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    public required string RunId { get; init; }

    public string ProgramVersion { get; init; } = "";

    public string ConfigFile { get; init; } = "";

    public DateTime StartedUtc { get; init; }

    public DateTime EndedUtc { get; init; }

    /// <summary>Why the run ended, in snake_case: "duration", "source_ended", "interrupted", "terminated", "no_data" or "decoder_failed".</summary>
    public string EndReason { get; init; } = "";

    public double DurationS { get; init; }

    /// <summary>Ticks of this run; each got exactly one answer.</summary>
    public long Ticks { get; init; }

    /// <summary>Ticks without an answer on time although data were there: late and held ones.</summary>
    public long MissedTicks { get; init; }

    /// <summary>Answers that lie in predictions.csv: all of them, unless the disk filled up; 0 where none is written (evaluate).</summary>
    public long RecordedTicks { get; init; }

    public double HopMs { get; init; }

    public double DeadlineMs { get; init; }

    /// <summary>The session that was recorded beside the answers; null where none was asked for.</summary>
    public RecordingReport? Recording { get; init; }

    /// <summary>Trials that the rig told of.</summary>
    public long Trials { get; init; }

    /// <summary>Ticks between trials, to which a model that answers within trials only had nothing to say; they are among <see cref="AnswersReport.NoData"/>.</summary>
    public long OutsideTrialTicks { get; init; }

    /// <summary>What the decoder left out or refused, by name.</summary>
    public IReadOnlyDictionary<string, long> DecoderCounts { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Video frames; null where the model reads none.</summary>
    public FramesReport? Frames { get; init; }

    public AnswersReport Answers { get; init; } = new();

    public SpikesReport Spikes { get; init; } = new();

    public IReadOnlyList<StreamReport> Streams { get; init; } = [];

    public LatencyReport LatencyUs { get; init; } = new();

    /// <summary>How old the newest neural data were when their answer was sent; null when no clock fit was settled.</summary>
    public PercentilesReport? DataAgeUs { get; init; }

    /// <summary>Garbage collections of any generation, whole process, from the end of warm-up to the last tick; 0 is the promise.</summary>
    public long GcCollections { get; init; }

    /// <summary>Bytes allocated on the decode thread per tick, after the first ticks; 0 is the promise.</summary>
    public double AllocatedBytesPerTick { get; init; }

    public ModelReport Model { get; init; } = new();

    /// <summary>By output, then by metric ("r2", "rmse", "count"); empty when no behaviour was there to score against.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Scores { get; init; } = NoScores;

    /// <summary>The same for the baseline on the same ticks; empty when none ran.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> BaselineScores { get; init; } = NoScores;

    /// <summary>Another decoder on the same ticks; null where none was asked.</summary>
    public ComparisonReport? Comparison { get; init; }

    public MachineReport Machine { get; init; } = new();

    /// <summary>Settings in effect that bear on the figures: wait modes, pinning, priority, tiering, collector mode.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What a reader should know, without being a fault.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What a reader should act on.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public string RunFolder { get; init; } = "";

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> NoScores =>
        ImmutableSortedDictionary<string, IReadOnlyDictionary<string, double>>.Empty;
}
