using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Mtm;

/// <summary>One block of the live form; who attends to whom lies between its two halves, with the caller. Immutable; any thread.</summary>
internal sealed class LiveLayer
{
    private readonly KernelSet _kernels;
    private readonly MtmLayerWeights _weights;
    private readonly LiveMatrix _queryKeyValue;
    private readonly LiveMatrix _out;
    private readonly LiveMatrix _up;
    private readonly LiveMatrix _down;

    /// <param name="weights">The block.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="half">Whether weights are rounded to bfloat16.</param>
    /// <param name="kernels">Arithmetic.</param>
    public LiveLayer(MtmLayerWeights weights, MtmConfig config, bool half, KernelSet kernels)
    {
        (_kernels, _weights) = (kernels, weights);
        var maps = config.UseRope ? MtmRotary.SideBySide(weights.Attention) : weights.Attention;
        _queryKeyValue = new LiveMatrix(Fused(maps), half, kernels);
        _out = new LiveMatrix(maps.Out, half, kernels);
        _up = new LiveMatrix(weights.FeedForward.Up, half, kernels);
        _down = new LiveMatrix(weights.FeedForward.Down, half, kernels);
    }

    /// <summary>Queries, keys and values of some rows, side by side.</summary>
    /// <param name="x">[rows, hidden].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="normed">Scratch [rows, hidden].</param>
    /// <param name="queryKeyValue">[rows, 3 hidden].</param>
    public void Project(ReadOnlySpan<float> x, int rows, Span<float> normed, Span<float> queryKeyValue)
    {
        Norm(_weights.Norm1, x, rows, normed);
        _queryKeyValue.Multiply(normed, rows, queryKeyValue);
    }

    /// <summary>Adds what the rows attended to, then the feed-forward.</summary>
    /// <param name="x">[rows, hidden], the residual stream.</param>
    /// <param name="attended">[rows, hidden].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="normed">Scratch [rows, hidden].</param>
    /// <param name="inner">Scratch [rows, inter size].</param>
    public void Finish(Span<float> x, ReadOnlySpan<float> attended, int rows, Span<float> normed, Span<float> inner)
    {
        _out.Multiply(attended, rows, x, accumulate: true);
        Norm(_weights.Norm2, x, rows, normed);
        var hidden = inner[..(rows * _up.Outputs)];
        _up.Multiply(normed, rows, hidden);
        _kernels.Gelu(hidden, hidden);
        _down.Multiply(hidden, rows, x, accumulate: true);
    }

    private void Norm(LayerNormWeights norm, ReadOnlySpan<float> x, int rows, Span<float> y) => _kernels.LayerNorm(x, rows, norm.Gain.Length, norm.Gain, norm.Bias, y);

    /// <summary>One map of 3 × hidden rows; the scale of scores lies in the queries'.</summary>
    private static LinearWeights Fused(AttentionMaps maps)
    {
        var (weight, bias) = (maps.Query.Weight.ToArray(), maps.Query.Bias.ToArray());
        AttentionScale.Apply(weight, maps.HeadDim);
        AttentionScale.Apply(bias, maps.HeadDim);
        return new([.. weight, .. maps.Key.Weight, .. maps.Value.Weight], [.. bias, .. maps.Key.Bias, .. maps.Value.Bias], 3 * maps.Width, maps.Width);
    }
}
