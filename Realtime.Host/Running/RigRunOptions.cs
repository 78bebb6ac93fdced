using Realtime.Host.Reports;

namespace Realtime.Host.Running;

/// <summary>What a command asks of a run beyond the rig config.</summary>
public sealed record RigRunOptions
{
    /// <summary>Ends the run after that much host time; null for the config's own.</summary>
    public double? DurationS { get; init; }

    /// <summary>Records spikes and behaviour as a session, whatever the config says.</summary>
    public bool Record { get; init; }

    /// <summary>The last data time to answer, ns; the run ends when it has been answered.</summary>
    public long LastNs { get; init; } = long.MaxValue;

    /// <summary>Ends the run when this has come true and no message has arrived for a while.</summary>
    public Func<bool>? SourceEnded { get; init; }

    /// <summary>Ends the run when no data have come for this long at its start, s; null to wait forever.</summary>
    public double? GiveUpS { get; init; }

    /// <summary>Sentences for the report's notes.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Asked once the run has ended: another decoder's scores on what was decoded, or null.</summary>
    public Func<RunReport, ComparisonReport?>? Compare { get; init; }
}
