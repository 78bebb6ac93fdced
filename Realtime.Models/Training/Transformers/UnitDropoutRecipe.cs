namespace Realtime.Models.Training.Transformers;

/// <summary>How many units a training window keeps: drawn from a triangle between two counts. A session of fewer than the least keeps all.</summary>
public sealed record UnitDropoutRecipe
{
    public int Min { get; init; } = 30;

    public int Mode { get; init; } = 100;

    public int Max { get; init; } = 300;

    /// <summary>Draws as upstream does, whose rejection step flattens the triangle.</summary>
    public bool Upstream { get; init; } = true;
}
