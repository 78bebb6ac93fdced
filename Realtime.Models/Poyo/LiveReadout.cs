using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Poyo;

/// <summary>
/// The decoder for live use: one query at a fixed place in the window. Its score with a latent is a constant vector times the normalised latent, and its
/// weighted sum of values is the value map of the weighted sum of normalised latents, so that keys and values of the latents are never formed.
/// </summary>
internal sealed class LiveReadout
{
    private readonly KernelSet _kernels;
    private readonly FloatArena _arena;
    private readonly PackedMatrix[] _scoreMaps;
    private readonly PackedMatrix[] _valueMaps;
    private readonly PackedMatrix _out;
    private readonly PackedMatrix _readout;
    private readonly FoldedFeedForward _feedForward;
    private readonly float[] _query;
    private readonly int _dim;
    private readonly int _heads;
    private readonly int _headDim;
    private readonly int _groupLatents;
    private readonly FloatSlot _normal;
    private readonly FloatSlot _scores;
    private readonly FloatSlot _weights;
    private readonly FloatSlot _mean;
    private readonly FloatSlot _gathered;
    private readonly FloatSlot _row;
    private readonly FloatSlot _hidden;

    /// <param name="weights">The model.</param>
    /// <param name="session">Row of the session table.</param>
    /// <param name="querySeconds">The query's time, s after the window's start.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="arena">Gets the activations.</param>
    public LiveReadout(PoyoWeights weights, int session, double querySeconds, KernelSet kernels, FloatArena arena)
    {
        var config = weights.Config;
        (_kernels, _arena, _dim, _heads, _headDim, _groupLatents) = (kernels, arena, config.Dim, config.CrossHeads, config.DimHead, config.NumLatentsPerStep);
        var attention = weights.DecoderAttention;
        _query = weights.Sessions.AsSpan(session * _dim, _dim).ToArray();
        _scoreMaps = ScoreMaps(weights, querySeconds);
        _valueMaps = [.. Enumerable.Range(0, _heads).Select(head => Folding.Pack(
            kernels, attention.ToKeyValue.AsSpan((attention.Inner + head * _headDim) * _dim, _headDim * _dim), default, attention.ContextNorm, _headDim, _dim))];
        _out = kernels.Pack(attention.Out, _dim, attention.Inner, attention.OutBias);
        _feedForward = new FoldedFeedForward(weights.DecoderFeedForward, _dim, kernels);
        _readout = kernels.Pack(weights.Readout, weights.Outputs, _dim, weights.ReadoutBias);
        _normal = arena.Reserve(config.Latents * _dim);
        _scores = arena.Reserve(config.Latents * _heads);
        _weights = arena.Reserve(config.Latents);
        _mean = arena.Reserve(_dim);
        _gathered = arena.Reserve(attention.Inner);
        _row = arena.Reserve(_dim);
        _hidden = arena.Reserve(FoldedFeedForward.Scratch(1, _dim));
    }

    /// <summary>The outputs, in the model's normalised units.</summary>
    /// <param name="latents">[latents, dim], after the processor.</param>
    /// <param name="outputs">One per output of the readout.</param>
    public void Run(ReadOnlySpan<float> latents, Span<float> outputs)
    {
        var normal = _arena[_normal];
        var scores = _arena[_scores];
        var gathered = _arena[_gathered];
        var row = _arena[_row];
        var count = latents.Length / _dim;
        _kernels.Normalize(latents, count, _dim, normal);
        for (var group = 0; group < _scoreMaps.Length; group++)
        {
            var first = group * _groupLatents;
            _kernels.Multiply(normal[(first * _dim)..], _dim, _groupLatents, _scoreMaps[group], scores[(first * _heads)..], _heads);
        }

        for (var head = 0; head < _heads; head++)
        {
            Average(normal, scores, head, count);
            _kernels.Multiply(_arena[_mean], _dim, 1, _valueMaps[head], gathered[(head * _headDim)..], _headDim);
        }

        _query.CopyTo(row);
        _kernels.Multiply(gathered, gathered.Length, 1, _out, row, _dim, accumulate: true);
        _feedForward.Add(row, 1, _arena[_hidden]);
        _kernels.Multiply(row, _dim, 1, _readout, outputs, outputs.Length);
    }

    /// <summary>The head's softmax-weighted mean of the normalised latents.</summary>
    private void Average(ReadOnlySpan<float> normal, ReadOnlySpan<float> scores, int head, int count)
    {
        var weights = _arena[_weights];
        var mean = _arena[_mean];
        for (var latent = 0; latent < count; latent++) weights[latent] = scores[latent * _heads + head];
        _kernels.Softmax(weights, 1, count);
        mean.Clear();
        for (var latent = 0; latent < count; latent++) _kernels.Combine(mean, 1, normal.Slice(latent * _dim, _dim), weights[latent]);
    }

    /// <summary>
    /// Per group of latents, [heads, dim]: g ∘ Wkᵀ R(t_query - t_group) q / √(head width) on the normalised latent, and the same with the normalisation's
    /// bias as constant. In double.
    /// </summary>
    private PackedMatrix[] ScoreMaps(PoyoWeights weights, double querySeconds)
    {
        var (config, attention) = (weights.Config, weights.DecoderAttention);
        var normal = new float[_dim];
        _kernels.LayerNorm(_query, 1, _dim, attention.Norm.Gain, attention.Norm.Bias, normal);
        var q = new double[attention.Inner];
        for (var i = 0; i < q.Length; i++)
        {
            for (var d = 0; d < _dim; d++) q[i] += (double)attention.ToQuery[i * _dim + d] * normal[d];
            q[i] /= Math.Sqrt(_headDim);
        }

        var maps = new PackedMatrix[config.Steps];
        for (var group = 0; group < config.Steps; group++)
        {
            // q · R(t_group - t_query) k = (R(t_query - t_group) q) · k.
            var rotated = Rotate(q, querySeconds - (group + 0.5) * config.LatentStep, weights.Omega);
            var map = new float[_heads * _dim];
            for (var head = 0; head < _heads; head++)
            {
                for (var d = 0; d < _dim; d++)
                {
                    double sum = 0;
                    for (var i = head * _headDim; i < (head + 1) * _headDim; i++) sum += rotated[i] * attention.ToKeyValue[i * _dim + d];
                    map[head * _dim + d] = (float)sum;
                }
            }

            maps[group] = Folding.Pack(_kernels, map, default, attention.ContextNorm, _heads, _dim);
        }

        return maps;
    }

    private double[] Rotate(double[] x, double seconds, float[] omega)
    {
        var rotated = (double[])x.Clone();
        for (var i = 0; i < x.Length; i += 2)
        {
            var (sin, cos) = Math.SinCos(omega[i % _headDim / 2] * seconds);
            (rotated[i], rotated[i + 1]) = (x[i] * cos - x[i + 1] * sin, x[i + 1] * cos + x[i] * sin);
        }

        return rotated;
    }
}
