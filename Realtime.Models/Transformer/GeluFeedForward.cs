using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>x → Down gelu(Up x), plain form; what is normalised before it is the caller's. Takes its working memory per call. Immutable; any thread.</summary>
public sealed class GeluFeedForward
{
    private readonly KernelSet _kernels;
    private readonly PackedMatrix _up;
    private readonly PackedMatrix _down;

    public GeluFeedForward(GeluFeedForwardWeights weights, KernelSet kernels)
    {
        _kernels = kernels;
        _up = kernels.Pack(weights.Up.Weight, weights.Up.Outputs, weights.Up.Inputs, weights.Up.Bias);
        _down = kernels.Pack(weights.Down.Weight, weights.Down.Outputs, weights.Down.Inputs, weights.Down.Bias);
    }

    /// <summary>Adds the map's result to each row of x.</summary>
    /// <param name="x">[rows, width], the residual stream.</param>
    /// <param name="from">[rows, width], what goes in.</param>
    /// <param name="rows">Rows; 0 is allowed.</param>
    public void AddTo(Span<float> x, ReadOnlySpan<float> from, int rows)
    {
        var hidden = new float[rows * _up.Outputs];
        _kernels.Multiply(from, _up.Inputs, rows, _up, hidden, _up.Outputs);
        _kernels.Gelu(hidden, hidden);
        _kernels.Multiply(hidden, _up.Outputs, rows, _down, x, _down.Outputs, accumulate: true);
    }
}
