namespace Realtime.Host.Configuration;

/// <summary>Where a run is written and when it ends.</summary>
public sealed record RunConfig
{
    /// <summary>The folder of run folders as written in the config; <see cref="RigConfig.RunsFolder"/> is where it lies.</summary>
    public string Folder { get; init; } = "runs";

    /// <summary>Host time after which the run ends by itself, s; null = until Ctrl+C.</summary>
    public double? DurationS { get; init; }

    /// <summary>Host time between two status lines, s.</summary>
    public double StatusIntervalS { get; init; } = 1;

    /// <summary>Whether spikes and behaviour are recorded as a session in the run folder.</summary>
    public bool Record { get; init; }

    /// <summary>Free space under the run folder below which a run does not start, 10^6 bytes.</summary>
    public long MinimumFreeMb { get; init; } = 500;
}
