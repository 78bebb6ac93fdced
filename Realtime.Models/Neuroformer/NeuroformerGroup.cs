namespace Realtime.Models.Neuroformer;

/// <summary>A group of modalities, such as "behavior".</summary>
public sealed record NeuroformerGroup
{
    public required string Name { get; init; }

    /// <summary>Blocks that the weights hold. NB: upstream's constructor gives every group the last group's number.</summary>
    public required int Layers { get; init; }

    /// <summary>In config order.</summary>
    public required IReadOnlyList<NeuroformerVariable> Variables { get; init; }

    /// <summary>Its blocks run only where an input is present.</summary>
    public bool HasInputs => Variables.Any(variable => !variable.Predict);
}
