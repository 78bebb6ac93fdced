using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>
/// The gated feed-forward map with its layer normalisation's gain and bias folded into the first matrix:
/// W (g ∘ x̂ + b) + c = (W diag g) x̂ + (W b + c). Immutable; any thread with a scratch of its own.
/// </summary>
internal sealed class FoldedFeedForward
{
    private readonly KernelSet _kernels;
    private readonly PackedMatrix _in;
    private readonly PackedMatrix _out;
    private readonly int _dim;
    private readonly int _hidden;

    public FoldedFeedForward(FeedForwardWeights weights, int dim, KernelSet kernels)
    {
        (_kernels, _dim, _hidden) = (kernels, dim, FeedForwardWeights.Expansion * dim);
        _in = Folding.Pack(kernels, weights.In, weights.InBias, weights.Norm, 2 * _hidden, dim);
        _out = kernels.Pack(weights.Out, dim, _hidden, weights.OutBias);
    }

    /// <summary>Numbers of scratch for that many rows.</summary>
    public static int Scratch(int rows, int dim) => checked(rows * dim * (1 + 3 * FeedForwardWeights.Expansion));

    /// <summary>z += FF(LN(z)) for contiguous rows [rows, dim].</summary>
    public void Add(Span<float> z, int rows, Span<float> scratch)
    {
        var normal = scratch[..(rows * _dim)];
        var hidden = scratch.Slice(rows * _dim, rows * 2 * _hidden);
        var gated = scratch.Slice(rows * (_dim + 2 * _hidden), rows * _hidden);
        _kernels.Normalize(z, rows, _dim, normal);
        _kernels.Multiply(normal, _dim, rows, _in, hidden, 2 * _hidden);
        _kernels.Geglu(hidden, rows, _hidden, gated);
        _kernels.Multiply(gated, _hidden, rows, _out, z, _dim, accumulate: true);
    }
}
