using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>Learned time: Up [C / 2, 1], gelu, Down [C, C / 2].</summary>
public sealed record NeuroformerTimeWeights(LinearWeights Up, LinearWeights Down)
{
    public static NeuroformerTimeWeights Read(WeightReader weights, string prefix, int width) => new(
        LinearWeights.Read(weights, $"{prefix}.temp_emb.0", width / 2, 1), LinearWeights.Read(weights, $"{prefix}.temp_emb.2", width, width / 2));
}
