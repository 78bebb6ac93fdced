namespace Realtime.Acquisition.OpenEphys;

/// <summary>Snapshot of what an <see cref="OpenEphysReceiver"/> has seen so far, for status lines and reports.</summary>
public sealed record OpenEphysStatistics
{
    /// <summary>Name of the stream that is read; null until one has been seen.</summary>
    public string? Stream { get; init; }

    /// <summary>Hz, as told by the latest data header; 0 until there was one.</summary>
    public double SampleRateHz { get; init; }

    public bool Connected { get; init; }

    public long Connections { get; init; }

    public long Messages { get; init; }

    /// <summary>Bytes of all frames.</summary>
    public long Bytes { get; init; }

    /// <summary>Spike messages, well formed or not, of any stream.</summary>
    public long Spikes { get; init; }

    public long Ttls { get; init; }

    /// <summary>Continuous messages, one per channel and block.</summary>
    public long DataMessages { get; init; }

    /// <summary>Blocks of the stream that brought data time forward.</summary>
    public long DataBlocks { get; init; }

    /// <summary>Messages that could not be used, in all.</summary>
    public long Malformed { get; init; }

    /// <summary>The same by problem; only those that occurred.</summary>
    public IReadOnlyList<(ParseProblem Problem, long Messages)> Problems { get; init; } = [];

    /// <summary>Messages of a type, or events of a code, that is not known here; ignored.</summary>
    public long UnknownTypes { get; init; }

    public long UnknownEnvelopes { get; init; }

    /// <summary>Messages that lacked a field which all present versions of the plugin send, and were used nevertheless.</summary>
    public long WithoutOptionalFields { get; init; }

    public long OtherStreamMessages { get; init; }

    public long Duplicates { get; init; }

    /// <summary>Running number of the first message ever seen; above 1 when a running acquisition was joined.</summary>
    public long FirstMessageNumber { get; init; }

    /// <summary>Running number of the latest message.</summary>
    public long LastMessageNumber { get; init; }

    /// <summary>Messages missing from the plugin's numbering.</summary>
    public long Lost { get; init; }

    public long Restarts { get; init; }

    /// <summary>Those of the restarts that only the sample numbers showed.</summary>
    public long RestartsBySample { get; init; }

    public long TtlsRingFull { get; init; }

    public long BehaviourSamples { get; init; }

    public long BehaviourRingFull { get; init; }

    /// <summary>Spikes of a known unit that came from another node of the GUI than its first one.</summary>
    public long SourceNodeConflicts { get; init; }

    /// <summary>Monotonic host time of the latest message, ns; 0 before the first.</summary>
    public long LastMessageNs { get; init; }

    /// <summary>The latest trouble in words; empty when there was none.</summary>
    public string LastProblem { get; init; } = "";

    /// <summary>Units that sent spikes but are not in the model's table, most spikes first.</summary>
    public IReadOnlyList<UnknownUnit> UnknownUnits { get; init; } = [];

    /// <summary>Spikes of unknown units beyond those listed.</summary>
    public long OtherUnknownUnitSpikes { get; init; }
}
