using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Poyo;

/// <summary>
/// What the delimiters of all units, at the window's start and end, contribute to each latent's attention: the same in every window, relative to
/// the latent's own time. Computed once in double.
/// </summary>
internal sealed class DelimiterShare
{
    private readonly int _heads;
    private readonly int _latents;
    private readonly int _headDim;
    private readonly float[] _sums;
    private readonly float[] _top;
    private readonly float[] _weight;

    /// <param name="weights">The model.</param>
    /// <param name="unitRows">Units that have delimiters.</param>
    /// <param name="queries">Scaled queries of one group before rotation, [latents, inner].</param>
    /// <param name="rotary">Angles.</param>
    /// <param name="kernels">Arithmetic.</param>
    public DelimiterShare(PoyoWeights weights, IReadOnlyList<int> unitRows, float[] queries, RotaryTime rotary, KernelSet kernels)
    {
        var config = weights.Config;
        (_heads, _latents, _headDim) = (config.CrossHeads, config.NumLatentsPerStep, config.DimHead);
        var rows = config.Steps * _heads * _latents;
        _sums = new float[rows * _headDim];
        _top = new float[rows];
        _weight = new float[rows];
        var starts = UnitKeyValues.Table(weights.EncoderAttention, weights.Units, unitRows, weights.TokenTypes, 1, config.Dim, kernels);
        var ends = UnitKeyValues.Table(weights.EncoderAttention, weights.Units, unitRows, weights.TokenTypes, 2, config.Dim, kernels);
        for (var step = 0; step < config.Steps; step++)
        {
            var seconds = (step + 0.5) * config.LatentStep;
            var (start, end) = (Rotated(starts, -seconds, rotary, kernels), Rotated(ends, config.SequenceLength - seconds, rotary, kernels));
            for (var head = 0; head < _heads; head++)
                for (var latent = 0; latent < _latents; latent++)
                    Sum(queries.AsSpan(latent * config.CrossInner + head * _headDim, _headDim), start, end, head, Row(step, head, latent));
        }
    }

    /// <summary>(sum, weight) relative to top, joined with the delimiters' share and divided by the whole weight.</summary>
    public void AddTo(Span<float> sum, int step, int head, int latent, float top, float weight, KernelSet kernels)
    {
        var row = Row(step, head, latent);
        var highest = MathF.Max(top, _top[row]);
        var (kept, added) = (kernels.ExpOfNegativeNumber(top - highest), kernels.ExpOfNegativeNumber(_top[row] - highest));
        var inverse = 1 / (kept * weight + added * _weight[row]);
        kernels.Combine(sum, kept * inverse, _sums.AsSpan(row * _headDim, _headDim), added * inverse);
    }

    /// <summary>Keys and values [units, 2 inner] rotated by one time.</summary>
    private float[] Rotated(float[] table, double seconds, RotaryTime rotary, KernelSet kernels)
    {
        var width = 2 * _heads * _headDim;
        var rotated = (float[])table.Clone();
        var angles = rotary.Table([seconds], kernels);
        for (var unit = 0; unit < table.Length / width; unit++) kernels.Rotate(rotated.AsSpan(unit * width), width, 2 * _heads, _headDim, angles, 0, 1);
        return rotated;
    }

    private void Sum(ReadOnlySpan<float> query, float[] starts, float[] ends, int head, int row)
    {
        var inner = _heads * _headDim;
        var units = starts.Length / (2 * inner);
        var scores = new double[2 * units];
        for (var i = 0; i < scores.Length; i++)
        {
            var key = (i < units ? starts : ends).AsSpan(i % units * 2 * inner + head * _headDim, _headDim);
            for (var channel = 0; channel < _headDim; channel++) scores[i] += (double)query[channel] * key[channel];
        }

        var top = scores.Max();
        var sums = new double[_headDim];
        double weight = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            var share = Math.Exp(scores[i] - top);
            var value = (i < units ? starts : ends).AsSpan(i % units * 2 * inner + inner + head * _headDim, _headDim);
            for (var channel = 0; channel < _headDim; channel++) sums[channel] += share * value[channel];
            weight += share;
        }

        (_top[row], _weight[row]) = ((float)top, (float)weight);
        for (var channel = 0; channel < _headDim; channel++) _sums[row * _headDim + channel] = (float)sums[channel];
    }

    private int Row(int step, int head, int latent) => (step * _heads + head) * _latents + latent;
}
