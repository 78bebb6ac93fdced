namespace Realtime.Models.Mtm;

/// <summary>How an <see cref="MtmTrainable"/> is trained.</summary>
public sealed record MtmTrainableOptions
{
    public MtmDropout Dropout { get; init; } = new();

    /// <summary>Whether the prefix sees bins under the causal prompt, as upstream's mask has it. Live forms need false.</summary>
    public bool PrefixSeesBins { get; init; }

    /// <summary>Bins that a bin sees before itself; negative for all.</summary>
    public int ContextBackward { get; init; } = -1;

    /// <summary>Who sees whom under a prompt.</summary>
    public MtmMask Mask(MtmPrompt prompt) => prompt == MtmPrompt.Causal ? new(0, ContextBackward, PrefixSeesBins) : new(-1, ContextBackward, true);

    /// <summary>Multiplies the weight decay of stitchers.</summary>
    public double StitcherDecay { get; init; } = 1;

    /// <summary>Multiplies the weight decay of heads; their biases have none.</summary>
    public double HeadDecay { get; init; } = 1;
}
