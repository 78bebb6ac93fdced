namespace Realtime.Host.Reports;

/// <summary>One output over the run.</summary>
public sealed record OutputSeries
{
    public required string Name { get; init; }

    /// <summary>Physical unit as text ("cm", "rad", "1").</summary>
    public string Unit { get; init; } = "";

    /// <summary>Decoded value per tick; NaN where there was none.</summary>
    public IReadOnlyList<float> Decoded { get; init; } = [];

    /// <summary>True value per tick; NaN where unknown, empty when there was no behaviour at all.</summary>
    public IReadOnlyList<float> True { get; init; } = [];
}
