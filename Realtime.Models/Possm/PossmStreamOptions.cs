namespace Realtime.Models.Possm;

/// <summary>What a <see cref="PossmStream"/> is asked to decode.</summary>
public sealed record PossmStreamOptions
{
    /// <summary>Row of the unit table of each unit that a spike can name.</summary>
    public required IReadOnlyList<int> UnitRows { get; init; }

    /// <summary>Row of the session table.</summary>
    public required int SessionRow { get; init; }

    /// <summary>Name of the readout.</summary>
    public required string Task { get; init; }

    /// <summary>Row of the task table, from 1.</summary>
    public required int TaskId { get; init; }

    /// <inheritdoc cref="PossmSettings.VisibleTokens"/>
    public int VisibleTokens { get; init; }

    /// <inheritdoc cref="PossmSettings.QueryLag"/>
    public double QueryLag { get; init; }

    /// <summary>Most spikes of a chunk that are decoded; of more the newest are.</summary>
    public int MaxSpikes { get; init; } = 65_536;
}
