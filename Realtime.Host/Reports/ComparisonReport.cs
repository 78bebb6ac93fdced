using System.Collections.Immutable;

namespace Realtime.Host.Reports;

/// <summary>Another decoder's scores on the ticks of a run.</summary>
public sealed record ComparisonReport
{
    /// <summary>Its kind, such as "wiener".</summary>
    public string Decoder { get; init; } = "";

    /// <summary>How it was fitted and when it decoded, such as "fitted on the same 2 min, decoded offline".</summary>
    public string How { get; init; } = "";

    /// <summary>By output, then by metric, as <see cref="RunReport.Scores"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Scores { get; init; } =
        ImmutableSortedDictionary<string, IReadOnlyDictionary<string, double>>.Empty;
}
