using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Transformer;

/// <summary>What a model of random weights is made for.</summary>
public sealed record RandomModelOptions
{
    /// <summary>At least one, none twice.</summary>
    public required IReadOnlyList<UnitId> Units { get; init; }

    /// <summary>At least one, no name twice.</summary>
    public required IReadOnlyList<OutputChannel> Outputs { get; init; }

    /// <summary>Name of the session whose units these are.</summary>
    public required string Session { get; init; }

    /// <summary>The same seed gives the same file, to the bit, on every machine.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Length of the interval that an answer is scored over, ns.</summary>
    public long TargetNs { get; init; } = 10_000_000;

    /// <summary>What the constant predictor answers, one per output; empty for 0.</summary>
    public IReadOnlyList<double> TargetMean { get; init; } = [];
}
