using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>The tensors of a Neuroformer, under upstream's names.</summary>
public sealed record NeuroformerWeights
{
    public required NeuroformerConfig Config { get; init; }

    /// <summary>[N + 3, C], for the current and the past window.</summary>
    public required float[] Tokens { get; init; }

    /// <summary>[T, C]; empty without learned positions.</summary>
    public required float[] Positions { get; init; }

    /// <summary>[P, C]; empty without.</summary>
    public required float[] PastPositions { get; init; }

    /// <summary>Null for sinusoidal time.</summary>
    public required NeuroformerTimeWeights? Time { get; init; }

    /// <summary>Of the past window; null for sinusoidal time.</summary>
    public required NeuroformerTimeWeights? PastTime { get; init; }

    /// <summary>[C, kernel]: the convolution, or the patches' map; null without frames.</summary>
    public required LinearWeights? FrameMap { get; init; }

    /// <summary>After the convolution; null without frames, and for patches.</summary>
    public required LayerNormWeights? FrameNorm { get; init; }

    public required IReadOnlyList<NeuroformerBlockWeights> Encoder { get; init; }

    public required IReadOnlyList<NeuroformerBlockWeights> FrameEncoder { get; init; }

    public required IReadOnlyList<NeuroformerBlockWeights> History { get; init; }

    public required IReadOnlyList<NeuroformerBlockWeights> Stimulus { get; init; }

    /// <summary>By group.</summary>
    public required IReadOnlyList<IReadOnlyList<NeuroformerBlockWeights>> Modalities { get; init; }

    public required IReadOnlyList<NeuroformerBlockWeights> State { get; init; }

    /// <summary>By group, by variable.</summary>
    public required IReadOnlyList<IReadOnlyList<NeuroformerVariableWeights>> Variables { get; init; }

    /// <summary>[N + 3, C], no bias.</summary>
    public required LinearWeights IdHead { get; init; }

    /// <summary>[D, C], no bias.</summary>
    public required LinearWeights DtHead { get; init; }

    /// <summary>[C, C], no bias; null without a contrastive loss.</summary>
    public required LinearWeights? Projection { get; init; }

    /// <exception cref="ModelFormatException">A tensor is missing or of another shape.</exception>
    public static NeuroformerWeights Read(WeightReader weights, NeuroformerConfig config)
    {
        var width = config.NEmbd;
        var frames = config.Frames;
        return new NeuroformerWeights
        {
            Config = config,
            Tokens = weights.Floats("tok_emb.weight", config.IdWords, width),
            Positions = config.PosEmb ? weights.Floats("pos_emb", 1, config.BlockId, width) : [],
            PastPositions = config.PosEmb ? weights.Floats("pos_emb_prev", 1, config.BlockPrevId, width) : [],
            Time = config.WaveEmb ? null : NeuroformerTimeWeights.Read(weights, "temp_emb", width),
            PastTime = config.WaveEmb ? null : NeuroformerTimeWeights.Read(weights, "temp_emb_prev", width),
            FrameMap = frames is null ? null : ReadFrameMap(weights, frames, width),
            FrameNorm = frames is null or { Patches: true } ? null : LayerNormWeights.Read(weights, "video_encoder.conv_block.2", width),
            Encoder = NeuroformerBlockWeights.ReadAll(weights, "feature_encoder.neural_state_blocks", config.StateLayers, config),
            FrameEncoder = NeuroformerBlockWeights.ReadAll(weights, "feature_encoder.frame_state_blocks", config.FrameEncoderLayers, config),
            History = NeuroformerBlockWeights.ReadAll(weights, "neural_visual_transformer.neural_state_history_blocks", config.HistoryLayers, config),
            Stimulus = NeuroformerBlockWeights.ReadAll(weights, "neural_visual_transformer.neural_state_stimulus_blocks", config.StimulusLayers, config),
            Modalities = [.. config.Groups.Select(group => NeuroformerBlockWeights.ReadAll(weights, $"neural_visual_transformer.modalities_blocks.{group.Name}", group.Layers, config))],
            State = NeuroformerBlockWeights.ReadAll(weights, "neural_visual_transformer.neural_state_blocks", config.StateLayers, config),
            Variables = [.. config.Groups.Select(group => (IReadOnlyList<NeuroformerVariableWeights>)[.. group.Variables.Select(variable => ReadVariable(weights, group, variable, width))])],
            IdHead = LinearWeights.Read(weights, "head_id", config.IdWords, width, bias: false),
            DtHead = LinearWeights.Read(weights, "head_dt", config.DtWords, width, bias: false),
            Projection = config.ContrastiveVars.Count == 0 ? null : LinearWeights.Read(weights, "clip.proj", width, width, bias: false),
        };
    }

    // NB: a Conv3d's weight [C, 1, t, h, w] is a linear map of the pixels under the kernel, in that order.
    private static LinearWeights ReadFrameMap(WeightReader weights, NeuroformerFrames frames, int width)
    {
        var pixels = frames.Kernel[0] * frames.Kernel[1] * frames.Kernel[2];
        return frames.Patches
            ? LinearWeights.Read(weights, "video_encoder.to_patch_embedding.1", width, pixels)
            : new(weights.Floats("video_encoder.conv_block.0.weight", width, 1, frames.Kernel[0], frames.Kernel[1], frames.Kernel[2]),
                weights.Floats("video_encoder.conv_block.0.bias", width), width, pixels);
    }

    private static NeuroformerVariableWeights ReadVariable(WeightReader weights, NeuroformerGroup group, NeuroformerVariable variable, int width)
    {
        var embedding = $"modality_embeddings.{group.Name}.{variable.Name}.mlp";

        // A target needs no embedding; upstream stores one all the same, unless the group has no blocks.
        var embedded = !variable.Predict || weights.Has($"{embedding}.ln.bias");
        return new(
            embedded ? weights.Floats($"{embedding}.ln.bias", 1)[0] : 0,
            embedded ? LinearWeights.Read(weights, $"{embedding}.mlp.0", 2, 1, bias: false) : new([], [], 2, 1),
            embedded ? LinearWeights.Read(weights, $"{embedding}.mlp.2", width, 2, bias: false) : new([], [], width, 2),
            variable.Predict
                ? LinearWeights.Read(weights, $"modality_projection_heads.{group.Name}.{variable.Name}", Math.Max(1, variable.Classes), width, bias: variable.Classes == 0)
                : null);
    }
}
