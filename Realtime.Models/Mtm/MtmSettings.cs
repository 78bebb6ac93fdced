namespace Realtime.Models.Mtm;

/// <summary>The settings of a model file of kind "mtm" (snake_case in JSON). Tensors carry upstream's names.</summary>
public sealed record MtmSettings
{
    public required MtmConfig HyperParameters { get; init; }

    /// <summary>The recordings it knows.</summary>
    public required IReadOnlyList<MtmSession> Sessions { get; init; }

    /// <summary>The word of <see cref="Sessions"/> whose neurons the file's units are.</summary>
    public required string Session { get; init; }

    /// <summary>The prompts that it was trained with.</summary>
    public IReadOnlyList<MtmPrompt> TrainedPrompts { get; init; } = [MtmPrompt.Neuron, MtmPrompt.Causal, MtmPrompt.InterRegion, MtmPrompt.IntraRegion];

    public MtmPrompt Prompt { get; init; } = MtmPrompt.Causal;

    public MtmLiveMode Mode { get; init; } = MtmLiveMode.Trial;

    /// <summary>Bins that a bin sees beside itself; -1 for all. Rotary mode needs a number.</summary>
    public int ContextBackward { get; init; } = -1;

    /// <summary>Whether the prefix sees bins, as upstream's mask has it; live forms need false.</summary>
    public bool PrefixSeesBins { get; init; }

    /// <summary>What the outputs are: see docs/mtm.md. "behaviour" (a linear head on the last states), "rates" (one per neuron), "regions" (one mean per region), each with "+K" bins of forward prediction.</summary>
    public string Readout { get; init; } = "behaviour";

    /// <summary>States of so many bins, the newest included, feed the behaviour head, tensors behaviour_head.weight [outputs, HeadBins × HiddenSize], newest first, and .bias.</summary>
    public int HeadBins { get; init; } = 1;

    /// <summary>Bins that are predicted ahead of the newest; their log-rates come of empty bins put behind it.</summary>
    public int ForwardBins { get; init; }

    /// <summary>Whether the weights are rounded to bfloat16 when loaded: half the memory traffic, with the error that 'verify' states.</summary>
    public bool HalfWeights { get; init; }

    /// <summary>What normalised outputs are multiplied with, one per output; empty for 1.</summary>
    public IReadOnlyList<double> OutputSd { get; init; } = [];

    /// <summary>What is added afterwards, one per output; empty for 0.</summary>
    public IReadOnlyList<double> OutputMean { get; init; } = [];
}
