namespace Realtime.Host.Configuration;

/// <summary>How the rig tells that a trial begins, for models that begin anew at each trial.</summary>
public sealed record TrialsConfig
{
    /// <summary>TTL line whose rising edge begins a trial, from 0; null = none.</summary>
    public int? Line { get; init; }

    /// <summary>Name of the source that carries the line; null = the first.</summary>
    public string? Source { get; init; }
}
