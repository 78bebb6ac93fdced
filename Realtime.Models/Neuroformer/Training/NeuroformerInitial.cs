using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>
/// Weights to start training from, as upstream draws them: linear maps normal with standard deviation 0.02 and no bias, norms neutral, positions 0, the frames' convolution as PyTorch does by default.
/// The same bits on every machine. Stateless; any thread.
/// </summary>
public static class NeuroformerInitial
{
    /// <param name="config">Its frames are no patches.</param>
    /// <param name="seed">Of all tensors.</param>
    /// <param name="tokenSd">Standard deviation of the token table.</param>
    public static IReadOnlyList<TensorData> Tensors(NeuroformerConfig config, ulong seed, double tokenSd)
    {
        var random = new RandomTensors(seed);
        var width = config.NEmbd;
        random.NormalOf("tok_emb.weight", tokenSd, config.IdWords, width);
        if (config.PosEmb)
        {
            random.Fill("pos_emb", 0, 1, config.BlockId, width);
            random.Fill("pos_emb_prev", 0, 1, config.BlockPrevId, width);
        }

        if (!config.WaveEmb)
        {
            foreach (var prefix in new[] { "temp_emb", "temp_emb_prev" })
            {
                Linear(random, $"{prefix}.temp_emb.0", width / 2, 1);
                Linear(random, $"{prefix}.temp_emb.2", width, width / 2);
            }
        }

        Blocks(random, "feature_encoder.neural_state_blocks", config.StateLayers, width);
        if (config.Frames is { } frames)
        {
            random.Convolution("video_encoder.conv_block.0", width, frames.Kernel);
            random.LayerNorm("video_encoder.conv_block.2", width);
            Blocks(random, "feature_encoder.frame_state_blocks", config.FrameEncoderLayers, width);
            Blocks(random, "neural_visual_transformer.neural_state_stimulus_blocks", config.StimulusLayers, width);
        }

        Blocks(random, "neural_visual_transformer.neural_state_history_blocks", config.HistoryLayers, width);
        foreach (var group in config.Groups) Blocks(random, $"neural_visual_transformer.modalities_blocks.{group.Name}", group.Layers, width);
        Blocks(random, "neural_visual_transformer.neural_state_blocks", config.StateLayers, width);
        foreach (var group in config.Groups)
            foreach (var variable in group.Variables) Variable(random, group, variable, width);
        random.Normal("head_id.weight", config.IdWords, width);
        random.Normal("head_dt.weight", config.DtWords, width);
        if (config.ContrastiveVars.Count > 0) random.Normal("clip.proj.weight", width, width);
        return random.Tensors;
    }

    private static void Blocks(RandomTensors random, string prefix, int count, int width)
    {
        const int wide = NeuroformerBlockWeights.Expansion;
        for (var block = 0; block < count; block++)
        {
            var own = $"{prefix}.{block}";
            foreach (var norm in new[] { "ln1", "ln2", "ln_f" }) random.LayerNorm($"{own}.{norm}", width);
            foreach (var map in new[] { "query", "key", "value", "proj" }) Linear(random, $"{own}.attn.{map}", width, width);
            Linear(random, $"{own}.mlp.0", wide * width, width);
            Linear(random, $"{own}.mlp.2", width, wide * width);
        }
    }

    private static void Variable(RandomTensors random, NeuroformerGroup group, NeuroformerVariable variable, int width)
    {
        var embedding = $"modality_embeddings.{group.Name}.{variable.Name}.mlp";
        random.LayerNorm($"{embedding}.ln", 1);
        random.Normal($"{embedding}.mlp.0.weight", 2, 1);
        random.Normal($"{embedding}.mlp.2.weight", width, 2);
        if (!variable.Predict) return;
        var head = $"modality_projection_heads.{group.Name}.{variable.Name}";
        random.Normal($"{head}.weight", Math.Max(1, variable.Classes), width);
        if (variable.Classes == 0) random.Fill($"{head}.bias", 0, 1);
    }

    private static void Linear(RandomTensors random, string prefix, int outputs, int inputs)
    {
        random.Normal($"{prefix}.weight", outputs, inputs);
        random.Fill($"{prefix}.bias", 0, outputs);
    }
}
