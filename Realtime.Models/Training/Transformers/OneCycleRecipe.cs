namespace Realtime.Models.Training.Transformers;

/// <summary>The course of the learning rate over all steps: a cosine up to the peak, then a cosine down.</summary>
public sealed record OneCycleRecipe
{
    /// <summary>Share of the steps before the peak is left, 0 to 1.</summary>
    public double WarmUp { get; init; } = 0.5;

    /// <summary>The first rate is the peak over this; 1 for a constant first part.</summary>
    public double DivFactor { get; init; } = 1;

    /// <summary>The last rate is the first over this.</summary>
    public double FinalDivFactor { get; init; } = 1e4;

    /// <summary>Whether the first moment's decay goes from 0.95 to 0.85 and back, as PyTorch's schedule does; else it is 0.9.</summary>
    public bool CycleBeta1 { get; init; }
}
