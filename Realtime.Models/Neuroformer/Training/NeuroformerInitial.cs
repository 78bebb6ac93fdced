using Realtime.Engine.Numerics;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>
/// Weights to start training from, as upstream draws them: linear maps normal with standard deviation 0.02 and no bias, norms neutral, positions 0. Each tensor
/// has a sequence of its own, chosen by its name; the same bits on every machine. Without frames. Stateless; any thread.
/// </summary>
public static class NeuroformerInitial
{
    private const double Sd = 0.02;

    /// <param name="config">Without frames.</param>
    /// <param name="seed">Of all tensors.</param>
    /// <param name="tokenSd">Standard deviation of the token table.</param>
    public static IReadOnlyList<TensorData> Tensors(NeuroformerConfig config, ulong seed, double tokenSd = Sd)
    {
        var tensors = new List<TensorData>();
        var width = config.NEmbd;
        Normal("tok_emb.weight", tokenSd, config.IdWords, width);
        if (config.PosEmb)
        {
            Fill("pos_emb", 0, 1, config.BlockId, width);
            Fill("pos_emb_prev", 0, 1, config.BlockPrevId, width);
        }

        if (!config.WaveEmb)
        {
            foreach (var prefix in new[] { "temp_emb", "temp_emb_prev" })
            {
                Linear($"{prefix}.temp_emb.0", width / 2, 1);
                Linear($"{prefix}.temp_emb.2", width, width / 2);
            }
        }

        Blocks("feature_encoder.neural_state_blocks", config.StateLayers);
        Blocks("neural_visual_transformer.neural_state_history_blocks", config.HistoryLayers);
        foreach (var group in config.Groups) Blocks($"neural_visual_transformer.modalities_blocks.{group.Name}", group.Layers);
        Blocks("neural_visual_transformer.neural_state_blocks", config.StateLayers);
        foreach (var group in config.Groups)
        {
            foreach (var variable in group.Variables)
            {
                var embedding = $"modality_embeddings.{group.Name}.{variable.Name}.mlp";
                Fill($"{embedding}.ln.weight", 1, 1);
                Fill($"{embedding}.ln.bias", 0, 1);
                Normal($"{embedding}.mlp.0.weight", Sd, 2, 1);
                Normal($"{embedding}.mlp.2.weight", Sd, width, 2);
                if (!variable.Predict) continue;
                var head = $"modality_projection_heads.{group.Name}.{variable.Name}";
                Normal($"{head}.weight", Sd, Math.Max(1, variable.Classes), width);
                if (variable.Classes == 0) Fill($"{head}.bias", 0, 1);
            }
        }

        Normal("head_id.weight", Sd, config.IdWords, width);
        Normal("head_dt.weight", Sd, config.DtWords, width);
        if (config.ContrastiveVars.Count > 0) Normal("clip.proj.weight", Sd, width, width);
        return tensors;

        void Blocks(string prefix, int count)
        {
            for (var block = 0; block < count; block++)
            {
                var own = $"{prefix}.{block}";
                foreach (var norm in new[] { "ln1", "ln2", "ln_f" })
                {
                    Fill($"{own}.{norm}.weight", 1, width);
                    Fill($"{own}.{norm}.bias", 0, width);
                }

                foreach (var map in new[] { "query", "key", "value", "proj" }) Linear($"{own}.attn.{map}", width, width);
                Linear($"{own}.mlp.0", NeuroformerBlockWeights.Expansion * width, width);
                Linear($"{own}.mlp.2", width, NeuroformerBlockWeights.Expansion * width);
            }
        }

        void Linear(string prefix, int outputs, int inputs)
        {
            Normal($"{prefix}.weight", Sd, outputs, inputs);
            Fill($"{prefix}.bias", 0, outputs);
        }

        void Normal(string name, double sd, params long[] shape)
        {
            var random = new PortableRandom(seed, Hash(name));
            var values = new float[shape.Aggregate((a, b) => checked(a * b))];
            for (var i = 0; i < values.Length; i++) values[i] = (float)(sd * random.Normal());
            tensors.Add(TensorData.Of(name, values, shape));
        }

        void Fill(string name, float value, params long[] shape)
        {
            var values = new float[shape.Aggregate((a, b) => checked(a * b))];
            Array.Fill(values, value);
            tensors.Add(TensorData.Of(name, values, shape));
        }
    }

    /// <summary>FNV-1a, 64 bits.</summary>
    private static ulong Hash(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in name) hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }
}
