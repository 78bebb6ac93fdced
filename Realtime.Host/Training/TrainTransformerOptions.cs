namespace Realtime.Host.Training;

/// <summary>Where a training of a transformer reads and writes, and what it leaves out.</summary>
internal sealed record TrainTransformerOptions
{
    public required string Model { get; init; }

    public required string Note { get; init; }

    public required int Threads { get; init; }

    /// <summary>Name of the session that the model decodes; null for the last.</summary>
    public string? Live { get; init; }

    /// <summary>In place of the sessions' own; empty for those.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public required string Checkpoint { get; init; }

    public required TimeSpan CheckpointEvery { get; init; }

    public bool Resume { get; init; }

    public bool Restart { get; init; }

    /// <summary>Folder of the report.</summary>
    public required string Report { get; init; }

    /// <summary>Model file to go on from; null for none.</summary>
    public string? Start { get; init; }

    /// <summary>Whether linear decoders are fitted for comparison.</summary>
    public bool Baselines { get; init; } = true;
}
