using Realtime.Models.Differentiation;

namespace Realtime.Models.Optimization;

/// <summary>What <see cref="AdamW"/> needs beside the learning rate; PyTorch's values unless said otherwise.</summary>
public sealed record AdamWOptions
{
    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>A step takes away learning rate × this share of the weight.</summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>Which parameters decay; null for all.</summary>
    public Func<Parameter, bool>? Decays { get; init; }

    /// <summary>Rows without gradient. PyTorch steps them like others; here they are kept.</summary>
    public AbsentRows AbsentRows { get; init; } = AbsentRows.Keep;
}
