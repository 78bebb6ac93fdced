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

    /// <summary>Trial mode: bins after which a new stretch begins by itself, without trial events; 0 where trials begin by events only.</summary>
    public int TrialBins { get; init; }

    /// <summary>A region whose spikes are passed over, as the inter-region prompt predicts it from the others; empty for none. Its neurons read as the recording's <see cref="MtmSession.HiddenCounts"/>.</summary>
    public string HiddenRegion { get; init; } = "";

    /// <summary>Units that the rig lacks, by their names in the file's units: hidden like a region's.</summary>
    public IReadOnlyList<string> HiddenUnits { get; init; } = [];

    /// <summary>Whether the network reads square roots of counts. Upstream: false.</summary>
    public bool RootCounts { get; init; }

    /// <summary>Bins that a bin sees beside itself; -1 for all. Rotary mode needs a number.</summary>
    public int ContextBackward { get; init; } = -1;

    /// <summary>Whether the prefix sees bins, as upstream's mask has it; live forms need false.</summary>
    public bool PrefixSeesBins { get; init; }

    /// <summary>
    /// What the outputs are: "behaviour" (a linear head on the last states), "rates" (Hz, one per neuron), "regions" (mean rate in Hz, one per region in
    /// order of first appearance). Behind the newest bin's outputs stand those of the <see cref="ForwardBins"/> next ones, nearest first.
    /// </summary>
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
