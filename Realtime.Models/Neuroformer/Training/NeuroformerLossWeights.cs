namespace Realtime.Models.Neuroformer.Training;

/// <summary>What each part of the loss weighs; the defaults are upstream's. A part of 0 is not computed.</summary>
public sealed record NeuroformerLossWeights
{
    /// <summary>Cross-entropy of the next neuron, mean over tokens that are no PAD.</summary>
    public double Id { get; init; } = 0.45;

    /// <summary>Cross-entropy of its time bin, likewise.</summary>
    public double Dt { get; init; } = 0.30;

    /// <summary>Contrastive loss, mean over the pairs of what is compared.</summary>
    public double Contrastive { get; init; } = 0.25;

    /// <summary>Squared error of each normalised target, or cross-entropy of its classes, mean over labelled windows, summed over targets.</summary>
    public double Behavior { get; init; } = 1;
}
