namespace Realtime.Host.Reports;

/// <summary>The model that answered.</summary>
public sealed record ModelReport
{
    public string Name { get; init; } = "";

    /// <summary>Lower-case hexadecimal SHA-256 of the file.</summary>
    public string Hash { get; init; } = "";

    public string File { get; init; } = "";
}
