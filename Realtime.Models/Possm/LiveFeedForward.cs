using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>The gated feed-forward map with its normalisation folded in; allocates nothing per call. One thread at a time.</summary>
internal sealed class LiveFeedForward
{
    private readonly KernelSet _kernels;
    private readonly FloatArena _arena;
    private readonly int _dim;
    private readonly PackedMatrix _in;
    private readonly PackedMatrix _out;
    private readonly FloatSlot _normed;
    private readonly FloatSlot _hidden;
    private readonly FloatSlot _gated;

    public LiveFeedForward(FeedForwardWeights weights, int rows, KernelSet kernels, FloatArena arena)
    {
        _kernels = kernels;
        _arena = arena;
        _dim = weights.Norm.Gain.Length;
        var half = FeedForwardWeights.Expansion * _dim;
        var (weight, bias) = NormFolding.Fold(weights.Norm, weights.In, weights.InBias);
        _in = kernels.Pack(weight, 2 * half, _dim, bias);
        _out = kernels.Pack(weights.Out, _dim, half, weights.OutBias);
        _normed = arena.Reserve(checked(rows * _dim));
        _hidden = arena.Reserve(checked(rows * 2 * half));
        _gated = arena.Reserve(checked(rows * half));
    }

    /// <summary>Adds the map's result to each row of x [rows, dim].</summary>
    public void AddTo(Span<float> x, int rows)
    {
        var half = FeedForwardWeights.Expansion * _dim;
        var normed = _arena[_normed];
        var hidden = _arena[_hidden];
        var gated = _arena[_gated];
        _kernels.Normalize(x, rows, _dim, normed);
        _kernels.Multiply(normed, _dim, rows, _in, hidden, 2 * half);
        _kernels.Geglu(hidden, rows, half, gated);
        _kernels.Multiply(gated, half, rows, _out, x, _dim, accumulate: true);
    }
}
