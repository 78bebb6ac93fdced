using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>
/// The gated feed-forward map with its layer normalisation, plain form: x ← x + Out (a × gelu(g)), (a, g) = In LN(x). Takes its working
/// memory per call. Immutable; any thread. Source: github.com/neuro-galaxy/torch_brain, torch_brain/nn/feedforward.py.
/// </summary>
public sealed class FeedForward
{
    private readonly KernelSet _kernels;
    private readonly LayerNormWeights _norm;
    private readonly int _dim;
    private readonly PackedMatrix _in;
    private readonly PackedMatrix _out;

    public FeedForward(FeedForwardWeights weights, KernelSet kernels)
    {
        _kernels = kernels;
        _norm = weights.Norm;
        _dim = weights.Norm.Gain.Length;
        _in = kernels.Pack(weights.In, 2 * FeedForwardWeights.Expansion * _dim, _dim, weights.InBias);
        _out = kernels.Pack(weights.Out, _dim, FeedForwardWeights.Expansion * _dim, weights.OutBias);
    }

    /// <summary>Adds the map's result to each row.</summary>
    /// <param name="x">[rows, dim].</param>
    /// <param name="rows">Rows; 0 is allowed.</param>
    public void AddTo(Span<float> x, int rows)
    {
        var half = FeedForwardWeights.Expansion * _dim;
        var normed = new float[rows * _dim];
        var hidden = new float[rows * 2 * half];
        var gated = new float[rows * half];
        _kernels.LayerNorm(x, rows, _dim, _norm.Gain, _norm.Bias, normed);
        _kernels.Multiply(normed, _dim, rows, _in, hidden, 2 * half);
        _kernels.Geglu(hidden, rows, half, gated);
        _kernels.Multiply(gated, half, rows, _out, x, _dim, accumulate: true);
    }
}
