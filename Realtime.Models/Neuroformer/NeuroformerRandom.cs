using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>Neuroformer models with random weights, outputs all regressed from the group "behavior". For measuring time, and for rehearsing a rig.</summary>
/// <remarks>Not upstream's initialisation: biases and positions, which it starts at 0, are random too, so that leaving one out shows.</remarks>
public static class NeuroformerRandom
{
    /// <summary>Value of a model file's kind.</summary>
    public const string Kind = NeuroformerKind.Name;

    private const string Group = "behavior";

    // Blocks of the group in the published configurations; they are stored, and run only where a variable is an input.
    private const int GroupLayers = 4;

    /// <summary>The published Visnav lateral configuration; its recording has 2023 units. The frames' size is that of the public notebook.</summary>
    public static NeuroformerConfig Lateral { get; } = new()
    {
        Neurons = 2023,
        StimulusLayers = 6,
        Frames = new() { Count = 3, Height = 30, Width = 100, Kernel = [3, 5, 5], Stride = [3, 5, 5] },
    };

    /// <summary>The same without frames.</summary>
    public static NeuroformerConfig LateralNoFrames { get; } = Lateral with { StimulusLayers = 0, Frames = null };

    /// <summary>A small model without frames, for tests and rehearsals.</summary>
    public static NeuroformerConfig Tiny { get; } = new() { Neurons = 8, NEmbd = 32, NHead = 4, BlockId = 24, BlockPrevId = 32, StateLayers = 1, HistoryLayers = 2 };

    /// <summary>The bytes of a model file; the same arguments give the same bytes on every machine.</summary>
    /// <param name="config">Sizes; its number of neurons gives way to that of the units, and its groups to the outputs where it has none.</param>
    /// <param name="options">What it is made for.</param>
    /// <exception cref="ModelFormatException">A hyper-parameter is out of its range.</exception>
    public static byte[] Create(NeuroformerConfig config, RandomModelOptions options)
    {
        config = config with
        {
            Neurons = options.Units.Count,
            Groups = config.Groups.Count > 0 ? config.Groups
                : [new() { Name = Group, Layers = GroupLayers, Variables = [.. options.Outputs.Select(output => new NeuroformerVariable { Name = output.Name, Predict = true })] }],
        };
        NeuroformerConfigCheck.Check(config, "the configuration");
        var settings = new NeuroformerSettings { HyperParameters = config, UnitTokens = [.. Enumerable.Range(0, config.Neurons)], Group = config.Groups[0].Name };
        return RandomModel.Bytes(Kind, options, config.CurrNs + config.PrevNs, SettingsJson.Write(settings), Tensors(config, options.Seed));
    }

    /// <summary>The tensors under upstream's names.</summary>
    public static IReadOnlyList<TensorData> Tensors(NeuroformerConfig config, ulong seed)
    {
        var random = new RandomTensors(seed);
        var width = config.NEmbd;
        random.Embedding("tok_emb.weight", config.IdWords, width);
        if (config.PosEmb)
        {
            random.Normal("pos_emb", 1, config.BlockId, width);
            random.Normal("pos_emb_prev", 1, config.BlockPrevId, width);
        }

        if (!config.WaveEmb)
        {
            foreach (var time in (string[])["temp_emb", "temp_emb_prev"])
            {
                random.Linear($"{time}.temp_emb.0", width / 2, 1);
                random.Linear($"{time}.temp_emb.2", width, width / 2);
            }
        }

        if (config.Frames is { } frames) FrameMap(random, frames, width);
        Blocks(random, "feature_encoder.neural_state_blocks", config.StateLayers, width);
        Blocks(random, "feature_encoder.frame_state_blocks", config.FrameEncoderLayers, width);
        Blocks(random, "neural_visual_transformer.neural_state_history_blocks", config.HistoryLayers, width);
        Blocks(random, "neural_visual_transformer.neural_state_stimulus_blocks", config.Frames is null ? 0 : config.StimulusLayers, width);
        Blocks(random, "neural_visual_transformer.neural_state_blocks", config.StateLayers, width);
        foreach (var group in config.Groups)
        {
            Blocks(random, $"neural_visual_transformer.modalities_blocks.{group.Name}", group.Layers, width);
            foreach (var variable in group.Variables)
            {
                var embedding = $"modality_embeddings.{group.Name}.{variable.Name}.mlp";
                random.LayerNorm($"{embedding}.ln", 1);
                random.Linear($"{embedding}.mlp.0", 2, 1, bias: false);
                random.Linear($"{embedding}.mlp.2", width, 2, bias: false);
                if (variable.Predict) random.Linear($"modality_projection_heads.{group.Name}.{variable.Name}", Math.Max(1, variable.Classes), width, bias: variable.Classes == 0);
            }
        }

        random.Linear("head_id", config.IdWords, width, bias: false);
        random.Linear("head_dt", config.DtWords, width, bias: false);
        if (config.ContrastiveVars.Count > 0) random.Linear("clip.proj", width, width, bias: false);
        return random.Tensors;
    }

    private static void FrameMap(RandomTensors random, NeuroformerFrames frames, int width)
    {
        var pixels = frames.Kernel[0] * frames.Kernel[1] * frames.Kernel[2];
        if (frames.Patches)
        {
            random.Linear("video_encoder.to_patch_embedding.1", width, pixels);
            return;
        }

        random.Normal("video_encoder.conv_block.0.weight", width, 1, frames.Kernel[0], frames.Kernel[1], frames.Kernel[2]);
        random.Normal("video_encoder.conv_block.0.bias", width);
        random.LayerNorm("video_encoder.conv_block.2", width);
    }

    private static void Blocks(RandomTensors random, string prefix, int count, int width)
    {
        for (var layer = 0; layer < count; layer++)
        {
            var block = $"{prefix}.{layer}";
            foreach (var norm in (string[])["ln1", "ln2", "ln_f"]) random.LayerNorm($"{block}.{norm}", width);
            foreach (var map in (string[])["query", "key", "value", "proj"]) random.Linear($"{block}.attn.{map}", width, width);
            random.Linear($"{block}.mlp.0", NeuroformerBlockWeights.Expansion * width, width);
            random.Linear($"{block}.mlp.2", width, NeuroformerBlockWeights.Expansion * width);
        }
    }
}
