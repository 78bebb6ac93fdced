using Realtime.Models.Weights;

namespace Realtime.Models.Transformer;

/// <summary>The four maps of an attention with biases, each [width, width]; heads are contiguous blocks of a row, scores are scaled by 1/√(width / heads).</summary>
public sealed record AttentionMaps(LinearWeights Query, LinearWeights Key, LinearWeights Value, LinearWeights Out, int Heads)
{
    public int Width => Query.Outputs;

    public int HeadDim => Width / Heads;

    /// <summary>Reads PREFIX.query, .key, .value and the output map of a name of its own.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or of another shape.</exception>
    public static AttentionMaps Read(WeightReader weights, string prefix, string outName, int width, int heads) => new(
        LinearWeights.Read(weights, $"{prefix}.query", width, width),
        LinearWeights.Read(weights, $"{prefix}.key", width, width),
        LinearWeights.Read(weights, $"{prefix}.value", width, width),
        LinearWeights.Read(weights, $"{prefix}.{outName}", width, width),
        heads);
}
