using System.Diagnostics.CodeAnalysis;

namespace Realtime.Host.Configuration;

/// <summary>What came of reading a config file: a config, or everything that is wrong with it.</summary>
public sealed record RigConfigResult
{
    /// <summary>The config; null when there is any problem.</summary>
    public RigConfig? Config { get; init; }

    /// <summary>All problems found, in the order of the file; empty when the config is sound.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; init; } = [];

    [MemberNotNullWhen(true, nameof(Config))]
    public bool Ok => Config is not null;
}
