using System.Collections.Immutable;
using Realtime.Engine.Ledger;
using Realtime.Host.Configuration;

namespace Realtime.Host.Reports;

/// <summary>The books of one stream, and what its source had to say.</summary>
public sealed record StreamReport
{
    public required string Name { get; init; }

    public long Received { get; init; }

    public long Decoded { get; init; }

    /// <summary>Spikes by reason, in snake_case; every reason is there, also with 0.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    public long Late { get; init; }

    public long InFlight { get; init; }

    public long LostUpstreamMessages { get; init; }

    public long Restarts { get; init; }

    public long Connections { get; init; }

    public long Messages { get; init; }

    public long MalformedMessages { get; init; }

    public long DuplicateMessages { get; init; }

    public long OtherStreamMessages { get; init; }

    public long UnknownTypeMessages { get; init; }

    /// <summary>Spikes by unit, for units that the model does not know, as far as they were told apart.</summary>
    public IReadOnlyDictionary<string, long> UnknownUnits { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Starts a stream's report from its ledger; the transport's own counters are added with <c>with</c>.</summary>
    public static StreamReport From(StreamLedger ledger) => new()
    {
        Name = ledger.Stream,
        Received = ledger.Received,
        Decoded = ledger.Decoded,
        Dropped = Enum.GetValues<DropReason>().ToImmutableSortedDictionary(ConfigWords.Of, ledger.Dropped, StringComparer.Ordinal),
        Late = ledger.Late,
        InFlight = ledger.InFlight,
        LostUpstreamMessages = ledger.LostUpstream,
        Restarts = ledger.Restarts,
    };
}
