using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Mtm;

/// <summary>A model whose matrices have been rounded to bfloat16 as <see cref="MtmSettings.HalfWeights"/> does it, for the plain form.</summary>
internal static class HalfWeights
{
    /// <summary>The table of neurons, biases, norms, positions and prefix stay as they are.</summary>
    public static MtmModel Rounded(MtmModel model)
    {
        var weights = model.Weights;
        return model with
        {
            BehaviourHead = model.BehaviourHead is { } head ? Rounded(head) : null,
            Weights = weights with
            {
                Projection = Rounded(weights.Projection),
                Head = Rounded(weights.Head),
                Layers = [.. weights.Layers.Select(Rounded)],
            },
        };
    }

    private static MtmLayerWeights Rounded(MtmLayerWeights layer) => layer with
    {
        Attention = layer.Attention with
        {
            Query = RoundedQuery(layer.Attention),
            Key = Rounded(layer.Attention.Key),
            Value = Rounded(layer.Attention.Value),
            Out = Rounded(layer.Attention.Out),
        },
        FeedForward = new(Rounded(layer.FeedForward.Up), Rounded(layer.FeedForward.Down)),
    };

    private static LinearWeights Rounded(LinearWeights map) => map with { Weight = Array.ConvertAll(map.Weight, Rounded) };

    /// <summary>The live form rounds queries' weights with the scale of scores in them.</summary>
    private static LinearWeights RoundedQuery(AttentionMaps maps)
    {
        var scaled = maps.Query.Weight.ToArray();
        AttentionScale.Apply(scaled, maps.HeadDim);
        return maps.Query with { Weight = Array.ConvertAll(scaled, weight => (float)(Rounded(weight) * Math.Sqrt(maps.HeadDim))) };
    }

    private static float Rounded(float value) => BrainFloat.Widen(BrainFloat.Round(value));
}
