using System.Text.Json.Nodes;
using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// How to train an MtM model; with the sessions, all that decides its weights. Immutable. The keys of recipe files are these names in snake_case;
/// see docs/training.md.
/// </summary>
public sealed record MtmRecipe : ITrainingRecipe
{
    /// <summary>Always "mtm".</summary>
    public string Kind { get; init; } = MtmKind.Name;

    /// <summary>The shape of the model; max_F is the longest trial in bins. A model to go on from brings its own.</summary>
    public MtmConfig Model { get; init; } = MtmConfig.Published;

    /// <summary>Stands for model.pos and model.use_rope; null for what these say.</summary>
    public MtmPositions? Positions { get; init; }

    /// <summary>Length of a bin, ms.</summary>
    public double BinMs { get; init; } = 20;

    /// <summary>How often each prompt is drawn, in any unit, in the order of <see cref="MtmPrompt"/>. Those that go by regions are not drawn for a session of fewer than two regions.</summary>
    public IReadOnlyList<double> PromptShares { get; init; } = [1, 1, 1, 1];

    /// <summary>What a hidden entry becomes.</summary>
    public MtmHidden HiddenAs { get; init; }

    /// <summary>Whether the network reads square roots of counts; upstream: counts. A model to go on from brings its own.</summary>
    public bool RootCounts { get; init; }

    public MtmMaskRates MaskRates { get; init; } = new();

    /// <summary>Whether the prefix sees bins under the causal prompt, as upstream's mask has it. A live decoder needs false.</summary>
    public bool PrefixSeesBins { get; init; }

    /// <summary>Bins that a bin sees before itself; -1 for all.</summary>
    public int ContextBackward { get; init; } = -1;

    public MtmLossUnit LossPer { get; init; } = MtmLossUnit.Entry;

    public MtmDropout Dropout { get; init; } = new();

    /// <summary>Trials of one step, nearly; all of one session.</summary>
    public int BatchTrials { get; init; } = 16;

    /// <inheritdoc/>
    public int Epochs { get; init; } = 1000;

    /// <summary>Epochs at the start in which only stitchers, heads and session rows learn: for a new session on a trained trunk.</summary>
    public int StitcherEpochs { get; init; }

    /// <inheritdoc/>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adamw;

    /// <inheritdoc/>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Of the trunk.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Of stitchers; null for that of the trunk.</summary>
    public double? StitcherWeightDecay { get; init; }

    /// <summary>Of heads' weights, whose biases have none; null for that of the trunk.</summary>
    public double? HeadWeightDecay { get; init; }

    /// <summary>A prior of the heads in the loss: this / 2 × Σ weight² over the training trials' entries of the session, so that it means the same for any number of them. 0 for none, as upstream.</summary>
    public double HeadPenalty { get; init; }

    /// <summary>The same for the heads' biases, about the values they start from: a neuron's mean rate moves only where its spikes say so.</summary>
    public double BiasPenalty { get; init; }

    /// <inheritdoc/>
    public double Beta2 { get; init; } = 0.999;

    /// <inheritdoc/>
    public OneCycleRecipe Schedule { get; init; } = new() { WarmUp = 0.15, DivFactor = 10, FinalDivFactor = 1e4, CycleBeta1 = true };

    /// <inheritdoc/>
    public double ClipNorm { get; init; }

    /// <inheritdoc/>
    public double AverageWeights { get; init; }

    /// <inheritdoc/>
    public int Patience { get; init; }

    /// <inheritdoc/>
    public int EvaluateEvery { get; init; } = 10;

    /// <inheritdoc/>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public bool RefitWithValid { get; init; }

    /// <summary>Directions of the training trials' counts that a stitcher starts from, the rest drawn; 0 for PyTorch's initial values.</summary>
    public int PrincipalDirections { get; init; }

    /// <summary>Multiplies the heads' initial weights; their biases start at the neurons' mean log-rates where this is below 1, else as PyTorch has them.</summary>
    public double HeadScale { get; init; } = 1;

    /// <summary>Spikes added to each neuron's count before its mean log-rate is taken as the head's initial bias.</summary>
    public double PseudoSpikes { get; init; } = 1;

    /// <summary>Bins at the end of a trial that forward prediction is scored on.</summary>
    public int ForwardBins { get; init; } = 10;

    /// <summary>The linear head that reads behaviour from the states; null for none.</summary>
    public MtmHeadRecipe? Behaviour { get; init; } = new();

    /// <summary>The same with its model's keys as <see cref="Positions"/> has them.</summary>
    public MtmRecipe Resolved() => Positions is { } positions
        ? this with { Model = Model with { Pos = positions == MtmPositions.Learned, UseRope = positions == MtmPositions.Rotary } }
        : this;

    /// <inheritdoc/>
    public void Check() => MtmRecipeCheck.Check(this);

    /// <inheritdoc/>
    public JsonObject ToJson() => MtmRecipeJson.Write(this);
}
