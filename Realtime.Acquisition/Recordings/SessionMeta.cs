using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Recordings;

/// <summary>What meta.json says, each value checked by itself; null where the file is silent.</summary>
internal sealed record SessionMeta
{
    public required string Path { get; init; }

    public string? Name { get; init; }

    public required int UnitCount { get; init; }

    public UnitId[]? UnitNames { get; init; }

    public string[] UnitRegions { get; init; } = [];

    public required OutputChannel[] Channels { get; init; }

    public double? DurationSeconds { get; init; }

    public double? SampleRateHz { get; init; }

    public TimeRange[]? Segments { get; init; }

    public SessionSplits? Splits { get; init; }

    public string Source { get; init; } = "";
}
