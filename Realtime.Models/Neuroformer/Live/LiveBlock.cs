using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// One block's weights, packed: the gains and biases of the first two layer normalisations are folded into the maps behind them, and the scores' scale
/// into the queries. NB: keys and values are made of what is not normalised. Any thread.
/// </summary>
internal sealed class LiveBlock
{
    public LiveBlock(NeuroformerBlockWeights weights, KernelSet kernels)
    {
        var maps = weights.Attention;
        var (width, up, down) = (maps.Width, weights.FeedForward.Up, weights.FeedForward.Down);
        Query = Folding.Pack(kernels, maps.Query.Weight, maps.Query.Bias, weights.Norm1, width, width, 1 / Math.Sqrt(maps.HeadDim));
        Key = Pack(maps.Key);
        Value = Pack(maps.Value);
        Out = Pack(maps.Out);
        Up = Folding.Pack(kernels, up.Weight, up.Bias, weights.Norm2, up.Outputs, up.Inputs);
        Down = Pack(down);
        NormOut = weights.NormOut;
        (Key.Next, Value.Next, Query.Next, Out.Next, Up.Next) = (Value, Query, Out, Up, Down);

        PackedMatrix Pack(LinearWeights map) => kernels.Pack(map.Weight, map.Outputs, map.Inputs, map.Bias);
    }

    /// <summary>From the normalised rows; scaled by 1/√(head width).</summary>
    public PackedMatrix Query { get; }

    public PackedMatrix Key { get; }

    public PackedMatrix Value { get; }

    public PackedMatrix Out { get; }

    /// <summary>From the normalised rows.</summary>
    public PackedMatrix Up { get; }

    public PackedMatrix Down { get; }

    public LayerNormWeights NormOut { get; }
}
