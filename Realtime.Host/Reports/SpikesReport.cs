using System.Collections.Immutable;

namespace Realtime.Host.Reports;

/// <summary>The books of all streams together.</summary>
public sealed record SpikesReport
{
    public long Received { get; init; }

    public long Decoded { get; init; }

    /// <summary>Spikes by reason, in snake_case; every reason is there, also with 0.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    public long Late { get; init; }

    /// <summary>Received, but neither decoded nor dropped: 0 once a run has ended.</summary>
    public long InFlight { get; init; }

    /// <summary>Adds the streams up.</summary>
    public static SpikesReport Sum(IReadOnlyCollection<StreamReport> streams) => new()
    {
        Received = streams.Sum(stream => stream.Received),
        Decoded = streams.Sum(stream => stream.Decoded),
        Dropped = streams.SelectMany(stream => stream.Dropped).GroupBy(reason => reason.Key)
            .ToImmutableSortedDictionary(reason => reason.Key, reason => reason.Sum(count => count.Value), StringComparer.Ordinal),
        Late = streams.Sum(stream => stream.Late),
        InFlight = streams.Sum(stream => stream.InFlight),
    };
}
