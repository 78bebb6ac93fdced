namespace Realtime.Models.Neuroformer;

/// <summary>One variable of a modality group.</summary>
public sealed record NeuroformerVariable
{
    public required string Name { get; init; }

    /// <summary>A target; otherwise an input.</summary>
    public bool Predict { get; init; }

    /// <summary>Classes of a classification head; 0 for regression.</summary>
    public int Classes { get; init; }
}
