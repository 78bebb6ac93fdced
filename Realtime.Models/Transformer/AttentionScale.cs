namespace Realtime.Models.Transformer;

/// <summary>The scale of attention scores, put into the rows of weights that make queries.</summary>
internal static class AttentionScale
{
    /// <summary>Multiplies with 1/√(head width), in double.</summary>
    public static void Apply(Span<float> queryWeights, int headDim)
    {
        var scale = 1 / Math.Sqrt(headDim);
        foreach (ref var weight in queryWeights) weight = (float)(weight * scale);
    }
}
