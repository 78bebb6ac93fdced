namespace Realtime.Models.Mtm.Training;

/// <summary>Shares that are hidden in training; upstream's values.</summary>
public sealed record MtmMaskRates
{
    /// <summary>Of neurons, under <see cref="MtmPrompt.Neuron"/>.</summary>
    public double Neuron { get; init; } = 0.3;

    /// <summary>Of bins, under <see cref="MtmPrompt.Causal"/>.</summary>
    public double Causal { get; init; } = 0.6;

    /// <summary>Of the region's neurons, under <see cref="MtmPrompt.IntraRegion"/>.</summary>
    public double IntraRegion { get; init; } = 0.3;
}
