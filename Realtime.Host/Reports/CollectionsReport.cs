namespace Realtime.Host.Reports;

/// <summary>Garbage collections from the first tick to the last.</summary>
public sealed record CollectionsReport
{
    public int Gen0 { get; init; }

    public int Gen1 { get; init; }

    public int Gen2 { get; init; }
}
