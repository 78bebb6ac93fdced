namespace Realtime.Models.Mtm.Training;

/// <summary>How the behaviour head is fitted: ridge regression on the states of the last bins under the causal prompt.</summary>
public sealed record MtmHeadRecipe
{
    /// <summary>Behaviour channels; null for cos_* and sin_* where there are any, else all, of these those that vary.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Bins whose states are read, tried one after the other; the one with the best validation R² is taken.</summary>
    public IReadOnlyList<int> Bins { get; init; } = [1, 5, 10, 20];

    /// <summary>Whether only the end of each trial is fitted and scored; else every bin that has enough bins before it.</summary>
    public bool OnePerTrial { get; init; }

    /// <summary>Length of the interval, ending at the bin's end, that the behaviour is averaged over, ms.</summary>
    public double TargetMs { get; init; } = 20;

    /// <summary>Penalties on standardised features, of which validation chooses, per output.</summary>
    public IReadOnlyList<double> Penalties { get; init; } = [0.01, 0.1, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000];
}
