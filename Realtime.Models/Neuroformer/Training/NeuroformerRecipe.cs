using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using static Realtime.Models.Training.Transformers.RecipeRange;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>
/// How to train a Neuroformer; with the sessions, and the model it starts from, all that decides its weights. Immutable. The keys of recipe files are these
/// names in snake_case; see docs/training.md. Defaults are for small recordings and not upstream's, where they differ.
/// </summary>
public sealed record NeuroformerRecipe : ITrainingRecipe
{
    /// <summary>"neuroformer".</summary>
    public string Kind { get; init; } = NeuroformerKind.Name;

    public NeuroformerPhase Phase { get; init; } = NeuroformerPhase.Scratch;

    /// <summary>The shape; of no effect in fine-tuning, where the model brings its own.</summary>
    public NeuroformerShape Model { get; init; } = new();

    public NeuroformerLossWeights Loss { get; init; } = new();

    /// <summary>Share of the training intervals whose labels are used, above 0 to 1: contiguous blocks spread evenly. Windows of behaviour training lie in them.</summary>
    public double LabelShare { get; init; } = 1;

    /// <summary>Length of the interval that an answer is about, ms.</summary>
    public double TargetMs { get; init; } = 50;

    /// <summary>How long before the window's end that interval ends, s. 0 asks about what has just been; upstream's alignment is the current window's length.</summary>
    public double LabelLag { get; init; }

    /// <summary>Behaviour channels to decode; null for the linear decoders' default.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Behaviour channels that the model reads as input variables. NB: upstream's embedding lets the value of an input have no influence.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Which moments count, in training and scores alike, such as "speed &gt; 20".</summary>
    public string? Filter { get; init; }

    /// <summary>Whether windows stay clear of holes in the recording.</summary>
    public bool RespectSegments { get; init; } = true;

    /// <summary>Windows of one step.</summary>
    public int BatchWindows { get; init; } = 128;

    /// <inheritdoc/>
    public int Epochs { get; init; } = 10;

    /// <summary>Windows of one epoch, drawn anywhere on the grid of time bins; 0 to lay windows back to back.</summary>
    public int WindowsPerEpoch { get; init; } = 12_800;

    /// <inheritdoc/>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adamw;

    /// <inheritdoc/>
    public double LearningRate { get; init; } = 2e-3;

    /// <inheritdoc/>
    public double WeightDecay { get; init; } = 0.1;

    /// <inheritdoc/>
    public double Beta2 { get; init; } = 0.95;

    /// <inheritdoc/>
    public OneCycleRecipe Schedule { get; init; } = new() { WarmUp = 0.05, DivFactor = 10, FinalDivFactor = 1 };

    /// <inheritdoc/>
    public double ClipNorm { get; init; } = 1;

    public NeuroformerDropout Dropout { get; init; } = new();

    /// <inheritdoc cref="WindowOptions.UnitDropoutShare"/>
    public double UnitDropoutShare { get; init; }

    /// <inheritdoc cref="WindowOptions.SpikeDropout"/>
    public double SpikeDropout { get; init; }

    /// <inheritdoc cref="WindowOptions.RecencySeconds"/>
    public double RecencyS { get; init; }

    /// <summary>Standard deviation of the token table at the start; upstream's is 0.02.</summary>
    public double TokenSd { get; init; } = 0.02;

    /// <summary>Fine-tuning: whole epochs in which only the behaviour heads learn.</summary>
    public int FreezeEpochs { get; init; }

    /// <inheritdoc/>
    public double AverageWeights { get; init; }

    /// <inheritdoc/>
    public int Patience { get; init; }

    /// <inheritdoc/>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Distance of the answers that are scored, ms.</summary>
    public double ScoreHopMs { get; init; } = 50;

    /// <inheritdoc/>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public bool RefitWithValid { get; init; }

    /// <summary>The loss that the phase really has.</summary>
    public NeuroformerLossWeights PhaseLoss => Phase == NeuroformerPhase.Pretrain ? Loss with { Behavior = 0 } : Loss;

    /// <summary>Reads what <see cref="ToJson"/> writes; keys that are missing have their defaults.</summary>
    /// <exception cref="TrainingException">A key is unknown or of another type.</exception>
    public static NeuroformerRecipe Of(JsonObject json)
    {
        try
        {
            return json.Deserialize<NeuroformerRecipe>(RecipeSerialization.Options)!;
        }
        catch (JsonException error)
        {
            throw new TrainingException($"The recipe{error.Path?.TrimStart('$')} cannot be read: {error.Message} docs/training.md lists the keys.", error);
        }
    }

    /// <inheritdoc/>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, RecipeSerialization.Options)!.AsObject();

    /// <inheritdoc/>
    public void Check()
    {
        if (Kind != NeuroformerKind.Name) throw Wrong("kind", Kind, $"'{NeuroformerKind.Name}'");
        Number("model.n_embd", Model.NEmbd, 2, 4096);
        Number("model.n_head", Model.NHead, 1, Model.NEmbd);
        if (Model.NEmbd % Model.NHead != 0 || Model.NEmbd % 2 != 0) throw Wrong("model.n_embd", Model.NEmbd, $"an even multiple of n_head ({Model.NHead})");
        Number("model.block_id", Model.BlockId, 0, 4096);
        Number("model.block_prev_id", Model.BlockPrevId, 0, 16_384);
        if (Model.BlockId is > 0 and < 3) throw Wrong("model.block_id", Model.BlockId, "0, or 3 and more: SOS, a spike, EOS");
        if (Model.BlockPrevId is > 0 and < 3) throw Wrong("model.block_prev_id", Model.BlockPrevId, "0, or 3 and more: SOS, a spike, EOS");
        Number("model.state_layers", Model.StateLayers, 0, 64);
        Number("model.history_layers", Model.HistoryLayers, 0, 64);
        Number("model.clip_temp", Model.ClipTemp, 1e-3, 1e3);
        Number("model.resolution_dt", Model.ResolutionDt, 1e-4, 1);
        Number("model.window_curr", Model.WindowCurr, Model.ResolutionDt, 10);
        Number("model.window_prev", Model.WindowPrev, Model.ResolutionDt, 60);
        Multiple("model.window_curr", Model.WindowCurr);
        Multiple("model.window_prev", Model.WindowPrev);
        Number("model.stimulus_layers", Model.StimulusLayers, 1, 64);
        Number("model.modality_layers", Model.ModalityLayers, 1, 64);
        if (Model.Frames is { } frames) CheckFrames(frames);
        CheckInputs();
        Number("loss.id", Loss.Id, 0, 1e3);
        Number("loss.dt", Loss.Dt, 0, 1e3);
        Number("loss.contrastive", Loss.Contrastive, 0, 1e3);
        Number("loss.behavior", Loss.Behavior, 0, 1e3);
        if (PhaseLoss is { Id: 0, Dt: 0, Contrastive: 0, Behavior: 0 }) throw new TrainingException("The recipe's loss weighs nothing in this phase. Give one of its parts a weight above 0.");
        Number("label_share", LabelShare, 1e-4, 1);
        Number("target_ms", TargetMs, 0.1, 60_000);
        Number("label_lag", LabelLag, 0, Model.WindowCurr + Model.WindowPrev);
        Multiple("label_lag", LabelLag);
        Number("batch_windows", BatchWindows, 1, 65_536);
        RecipeRange.Check(this, mostWeightDecay: 10);
        Number("windows_per_epoch", WindowsPerEpoch, 0, 10_000_000);
        foreach (var (key, rate) in new[] { ("id", Dropout.Id), ("time", Dropout.Time), ("im", Dropout.Im), ("attn", Dropout.Attn), ("resid", Dropout.Resid), ("pooled", Dropout.Pooled) })
            Number($"dropout.{key}", rate, 0, 0.99);
        Number("token_sd", TokenSd, 0, 100);
        Number("freeze_epochs", FreezeEpochs, 0, Epochs);
        Number("score_hop_ms", ScoreHopMs, 0.1, 60_000);

        void Multiple(string key, double value)
        {
            var bins = value / Model.ResolutionDt;
            if (Math.Abs(bins - Math.Round(bins)) > 1e-6) throw Wrong(key, value, FormattableString.Invariant($"a multiple of model.resolution_dt ({Model.ResolutionDt})"));
        }
    }

    private static void CheckFrames(NeuroformerFrameShape frames)
    {
        Number("model.frames.rate", frames.Rate, 0.1, 1000);
        Number("model.frames.window", frames.Window, 1e-3, 60);
        Number("model.frames.window", frames.Count, 1, 1000);
        Number("model.frames.look_ahead", frames.LookAhead, 0, frames.Count - 1);
        Number("model.frames.scale", frames.Scale, 1e-6, 1e6);
        foreach (var (key, sizes) in new[] { ("model.frames.kernel", frames.Kernel), ("model.frames.stride", frames.Stride ?? frames.Kernel) })
        {
            if (sizes.Count != 3) throw Wrong(key, $"[{string.Join(", ", sizes)}]", "three numbers: frames, rows, columns");
            foreach (var size in sizes) Number(key, size, 1, 4096);
        }

        if (frames.Kernel[0] > frames.Count)
            throw Wrong("model.frames.kernel", frames.Kernel[0], FormattableString.Invariant($"at most {frames.Count} frames deep, which is what a window of {frames.Window} s has at {frames.Rate} frames/s"));
    }

    private void CheckInputs()
    {
        if (Inputs.Distinct(StringComparer.Ordinal).Count() != Inputs.Count) throw Wrong("inputs", string.Join(", ", Inputs), "names that are all different");
        if (Inputs.FirstOrDefault(name => Outputs?.Contains(name) == true) is { } both) throw Wrong("inputs", both, "a channel that is not among the outputs: what is given need not be decoded");
        if (Phase == NeuroformerPhase.FineTune) return;
        string[] features = ["id", "eos", .. Model.Frames is null ? [] : (string[])["frames"], .. Inputs.Select(name => $"{NeuroformerSettings.DefaultGroup}.{name}")];
        foreach (var name in Model.ContrastiveVars)
            if (!features.Contains(name)) throw Wrong("model.contrastive_vars", name, $"one of {string.Join(", ", features)}{(Model.Frames is null && name == "frames" ? "; for frames add model.frames" : "")}");
        if (Model.ContrastiveVars.Count == 1) throw Wrong("model.contrastive_vars", Model.ContrastiveVars[0], "two names or more, or none: a comparison needs two");
    }
}
