namespace Realtime.Models.Optimization;

/// <summary>What <see cref="Lamb"/> needs beside the learning rate; upstream's values unless said otherwise.</summary>
public sealed record LambOptions
{
    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Share of the weight in the direction, inside the trust ratio.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Rows without gradient. Upstream resets their moments, so that a unit forgets its course whenever a batch lacks it; here they are kept.</summary>
    public AbsentRows AbsentRows { get; init; } = AbsentRows.Keep;
}
