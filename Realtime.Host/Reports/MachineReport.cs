namespace Realtime.Host.Reports;

/// <summary>The machine that the figures were measured on.</summary>
public sealed record MachineReport
{
    public string Cpu { get; init; } = "";

    /// <summary>Logical cores that the process may use.</summary>
    public int Cores { get; init; }

    public string Os { get; init; } = "";

    public string Dotnet { get; init; } = "";

    /// <summary>Which clock, and its resolution.</summary>
    public string Timer { get; init; } = "";

    public long MemoryBytes { get; init; }
}
