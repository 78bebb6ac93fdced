namespace Realtime.Models.Neuroformer;

/// <summary>What the network makes of some windows.</summary>
public sealed record NeuroformerOutput
{
    /// <summary>Windows, B.</summary>
    public required int Windows { get; init; }

    /// <summary>Positions that were computed, T unless fewer were asked for.</summary>
    public required int Rows { get; init; }

    /// <summary>[B, rows, C], the result of the last block.</summary>
    public required float[] LastLayer { get; init; }

    /// <summary>[B, C], its mean over all positions, PAD too.</summary>
    public required float[] Pooled { get; init; }

    /// <summary>[B, rows, N + 3].</summary>
    public required float[] IdLogits { get; init; }

    /// <summary>[B, rows, D].</summary>
    public required float[] DtLogits { get; init; }

    /// <summary>By group and variable, [B, 1 or classes]; empty for inputs.</summary>
    public required IReadOnlyList<IReadOnlyList<float[]>> Predictions { get; init; }

    /// <summary>By name in the configuration's contrastive variables, [B, C] after the projection; empty where there is none.</summary>
    public required IReadOnlyList<float[]> Contrast { get; init; }
}
