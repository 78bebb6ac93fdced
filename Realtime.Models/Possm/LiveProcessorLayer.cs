using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>One processor layer over the latents of a chunk; allocates nothing per call. One thread at a time.</summary>
internal sealed class LiveProcessorLayer
{
    private readonly KernelSet _kernels;
    private readonly FloatArena _arena;
    private readonly RotaryTable _times;
    private readonly AttentionShape _shape;
    private readonly int _dim;
    private readonly int _inner;
    private readonly PackedMatrix _toQueryKeyValue;
    private readonly PackedMatrix _out;
    private readonly LiveFeedForward _feedForward;
    private readonly FloatSlot _normed;
    private readonly FloatSlot _queryKeyValue;
    private readonly FloatSlot _attended;
    private readonly FloatSlot _scratch;

    /// <param name="weights">The layer.</param>
    /// <param name="times">A row for each latent.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="arena">Takes the working memory.</param>
    public LiveProcessorLayer(ProcessorLayerWeights weights, RotaryTable times, KernelSet kernels, FloatArena arena)
    {
        var attention = weights.Attention;
        var rows = times.Rows;
        _kernels = kernels;
        _arena = arena;
        _times = times;
        _dim = attention.Norm.Gain.Length;
        _inner = attention.Inner;
        _shape = new AttentionShape
        {
            Queries = rows,
            Keys = rows,
            Heads = attention.Heads,
            HeadDim = attention.HeadDim,
            QueryStride = 3 * _inner,
            KeyStride = 3 * _inner,
            ValueStride = 3 * _inner,
            OutputStride = _inner,
        };
        var scaled = attention.ToQueryKeyValue.ToArray();
        AttentionScale.Apply(scaled.AsSpan(0, _inner * _dim), attention.HeadDim);
        var (weight, bias) = NormFolding.Fold(attention.Norm, scaled, []);
        _toQueryKeyValue = kernels.Pack(weight, 3 * _inner, _dim, bias);
        _out = kernels.Pack(attention.Out, _dim, _inner, attention.OutBias);
        _feedForward = new LiveFeedForward(weights.FeedForward, rows, kernels, arena);
        _normed = arena.Reserve(checked(rows * _dim));
        _queryKeyValue = arena.Reserve(checked(rows * 3 * _inner));
        _attended = arena.Reserve(checked(rows * _inner));
        _scratch = arena.Reserve(kernels.AttentionScratch(rows, attention.HeadDim));
    }

    /// <summary>x [latents, dim], before and after.</summary>
    public void Step(Span<float> x)
    {
        var (rows, stride) = (_times.Rows, 3 * _inner);
        var normed = _arena[_normed];
        var q = _arena[_queryKeyValue];
        var attended = _arena[_attended];
        _kernels.Normalize(x, rows, _dim, normed);
        _kernels.Multiply(normed, _dim, rows, _toQueryKeyValue, q, stride);
        _kernels.Rotate(q, stride, 3 * _shape.Heads, _shape.HeadDim, _times, 0, rows);
        _kernels.Attend(_shape, q, q[_inner..], q[(2 * _inner)..], [], attended, _arena[_scratch]);
        _kernels.Rotate(attended, _inner, _shape.Heads, _shape.HeadDim, _times, 0, rows, back: true);
        _kernels.Multiply(attended, _inner, rows, _out, x, _dim, accumulate: true);
        _feedForward.AddTo(x, rows);
    }
}
