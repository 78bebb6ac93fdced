using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>One processor layer's weights, folded, scaled and packed; queries, keys and values of one head lie together.</summary>
internal sealed class LiveProcessorLayer
{
    public LiveProcessorLayer(ProcessorLayerWeights weights, int dim, KernelSet kernels)
    {
        var attention = weights.Attention;
        ToQueryKeyValue = [.. Enumerable.Range(0, attention.Heads).Select(head => PackHead(attention, head, dim, kernels))];
        Out = kernels.Pack(attention.Out, dim, attention.Inner, attention.OutBias);
        FeedForward = new FoldedFeedForward(weights.FeedForward, dim, kernels);
    }

    /// <summary>Per head, [3 × head width] from the normalised latents; the queries are scaled by 1/√(head width).</summary>
    public IReadOnlyList<PackedMatrix> ToQueryKeyValue { get; }

    public PackedMatrix Out { get; }

    public FoldedFeedForward FeedForward { get; }

    private static PackedMatrix PackHead(SelfAttentionWeights attention, int head, int dim, KernelSet kernels)
    {
        var size = attention.HeadDim * dim;
        var weight = new float[3 * size];
        for (var part = 0; part < 3; part++)
        {
            var rows = attention.ToQueryKeyValue.AsSpan((part * attention.Heads + head) * size, size);
            var target = weight.AsSpan(part * size, size);
            var scale = part == 0 ? 1 / Math.Sqrt(attention.HeadDim) : 1;
            for (var i = 0; i < size; i++) target[i] = (float)(rows[i] * scale);
        }

        return Folding.Pack(kernels, weight, default, attention.Norm, 3 * attention.HeadDim, dim);
    }
}
