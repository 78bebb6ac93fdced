using System.Numerics;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>
/// Turns the spikes of a chunk into its latents. Queries are constants and keys and values depend on the unit alone, so all that is left per
/// spike are one turn of its value and, per latent and head, one short product with the cosines and sines of its time.
/// One thread at a time; allocates nothing per call.
/// </summary>
internal sealed class ChunkEncoder
{
    private readonly KernelSet _kernels;
    private readonly FloatArena _arena;
    private readonly RotaryLayout _layout;
    private readonly int _latents;
    private readonly int _dim;
    private readonly int _blankRow;
    private readonly int _visibleTokens;
    private readonly double[] _turnsPerSecond;
    private readonly double[] _turns;
    private readonly AlignedFloats _keys;
    private readonly AlignedFloats _values;

    // One for each latent: the rotation back by its time, and its own vector, are folded in.
    private readonly PackedMatrix[] _out;
    private readonly LiveProcessor? _processor;
    private readonly FoldedFeedForward _feedForward;
    private readonly FloatSlot _cos;
    private readonly FloatSlot _sin;
    private readonly FloatSlot _scores;
    private readonly FloatSlot _sums;
    private readonly FloatSlot _z;
    private readonly FloatSlot _hidden;

    /// <param name="weights">The model.</param>
    /// <param name="options">Units, blanks and limits.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="arena">Takes the working memory.</param>
    public ChunkEncoder(PossmWeights weights, PossmStreamOptions options, KernelSet kernels, FloatArena arena)
    {
        var config = weights.Config;
        var time = new RotaryTime(weights.Omega);
        _kernels = kernels;
        _arena = arena;
        _layout = new RotaryLayout(config.CrossHeads, config.DimHead, time.Pairs);
        (_latents, _dim) = (config.NumLatents, config.Dim);
        _blankRow = options.UnitRows.Count;
        _visibleTokens = options.VisibleTokens;
        var omega = weights.Omega.AsSpan(0, time.Pairs);
        _turnsPerSecond = Array.ConvertAll(omega.ToArray(), value => value / (2 * Math.PI));
        var queries = Enumerable.Range(0, _latents).Select(latent => Query(weights, latent)).ToArray();
        _keys = new AlignedFloats(checked((_blankRow + 1) * KernelSet.RotaryScoreWidth(Groups, time.Pairs)));
        _values = new AlignedFloats(checked((_blankRow + 1) * _layout.RowWidth));
        for (var row = 0; row <= _blankRow; row++) PutUnit(weights, queries, row, row == _blankRow ? 0 : options.UnitRows[row]);
        _out = [.. Enumerable.Range(0, _latents).Select(latent => PackOut(weights, latent))];
        var latentTimes = Enumerable.Range(0, _latents).Select(latent => PossmTokenizer.LatentTime(config, latent)).ToArray();
        var table = time.Table(latentTimes, kernels);
        if (config.Depth > 0) _processor = new LiveProcessor(weights.Layers, _dim, _latents, table, kernels, new ComputeTeam(1), arena);
        _feedForward = new FoldedFeedForward(weights.EncoderFeedForward, _dim, kernels);
        var tokens = options.MaxSpikes + 1;
        _turns = new double[checked(tokens * time.Pairs)];
        _cos = arena.Reserve(RotaryTokens.Length(tokens, time.Pairs));
        _sin = arena.Reserve(RotaryTokens.Length(tokens, time.Pairs));
        _scores = arena.Reserve(checked(Groups * tokens));
        _sums = arena.Reserve(Groups * _layout.ValueWidth);
        _z = arena.Reserve(_latents * _dim);
        _hidden = arena.Reserve(FoldedFeedForward.Scratch(_latents, _dim));
    }

    private int Groups => _latents * _layout.Heads;

    /// <summary>The latents of a chunk, [latents × dim]; valid until the next call. Adds a blank to the spikes where the mask shows one.</summary>
    public ReadOnlySpan<float> Encode(ChunkSpikes spikes)
    {
        // Equal tokens merge into one exactly, with the logarithm of their number added to its score.
        var blanks = Math.Max(_visibleTokens - spikes.Count, spikes.Count == 0 ? 1 : 0);
        if (blanks > 0) spikes.AddBlank(_blankRow);
        var count = spikes.Count;
        var cos = _arena[_cos];
        var sin = _arena[_sin];
        Turn(spikes.Seconds, cos, sin);
        var tokens = new RotaryTokens(spikes.Rows, cos, sin, _layout.Pairs);
        var scores = _arena[_scores][..(Groups * count)];
        _kernels.RotaryScores(tokens, Groups, _keys.Span, scores);
        if (blanks > 1)
        {
            var bias = MathF.Log(blanks);
            for (var group = 0; group < Groups; group++) scores[group * count + count - 1] += bias;
        }

        _kernels.Softmax(scores, Groups, count);
        var sums = _arena[_sums];
        _kernels.RotarySums(tokens, scores, Groups, _layout.Heads, _layout.HeadDim, _values.Span, _layout.RowWidth, sums);
        var z = _arena[_z];
        for (var latent = 0; latent < _latents; latent++)
            _kernels.Multiply(sums[(latent * _layout.RowWidth)..], _layout.RowWidth, 1, _out[latent], z[(latent * _dim)..], _dim);
        _processor?.Run(_z);
        _feedForward.Add(z, _latents, _arena[_hidden]);
        return z;
    }

    /// <summary>Cosines and sines of all tokens at once.</summary>
    private void Turn(ReadOnlySpan<double> seconds, Span<float> cos, Span<float> sin)
    {
        var pairs = _turnsPerSecond.Length;
        for (var token = 0; token < seconds.Length; token++)
        {
            var turns = _turns.AsSpan(token * pairs, pairs);
            var pair = 0;
            for (; pair <= pairs - Vector<double>.Count; pair += Vector<double>.Count)
                (new Vector<double>(_turnsPerSecond, pair) * seconds[token]).CopyTo(turns[pair..]);
            for (; pair < pairs; pair++) turns[pair] = _turnsPerSecond[pair] * seconds[token];
        }

        var used = seconds.Length * pairs;
        _kernels.CosSinTurns(_turns.AsSpan(0, used), cos[..used], sin[..used]);
    }

    /// <summary>A latent's query of all heads, scaled and turned by its time.</summary>
    private static double[] Query(PossmWeights weights, int latent)
    {
        var attention = weights.EncoderAttention;
        var x = Constants.Row(weights.Latents, latent, weights.Config.Dim);
        var query = Constants.Product(attention.ToQuery, Constants.LayerNorm(attention.Norm, x));
        Constants.Rotate(query, attention.HeadDim, weights.Omega, PossmTokenizer.LatentTime(weights.Config, latent));
        return Array.ConvertAll(query, value => value / Math.Sqrt(attention.HeadDim));
    }

    /// <summary>Fills one row of the tables.</summary>
    private void PutUnit(PossmWeights weights, double[][] queries, int row, int unit)
    {
        var attention = weights.EncoderAttention;
        var x = Constants.Sum(Constants.Row(weights.Units, unit, _dim), Constants.Row(weights.TokenTypes, 0, _dim));
        var keyValue = Constants.Product(attention.ToKeyValue, Constants.LayerNorm(attention.ContextNorm, x));
        var width = KernelSet.RotaryScoreWidth(Groups, _layout.Pairs);
        var keys = _keys.Span.Slice(row * width, width);
        var part = RotaryTokens.Padded(_layout.Pairs);
        for (var group = 0; group < Groups; group++)
        {
            var head = group % _layout.Heads * _layout.HeadDim;
            var query = queries[group / _layout.Heads].AsSpan(head, _layout.HeadDim);
            keys[Groups * 2 * part + group] = (float)_layout.Scores(query, keyValue.AsSpan(head, _layout.HeadDim), keys[(group * 2 * part)..]);
        }

        var values = _values.Span.Slice(row * _layout.RowWidth, _layout.RowWidth);
        for (var channel = 0; channel < attention.Inner; channel++) values[_layout.Place(channel)] = (float)keyValue[attention.Inner + channel];
    }

    /// <summary>latent + W R(-time) sums + b, as one map of sums in the order of the tables.</summary>
    private PackedMatrix PackOut(PossmWeights weights, int latent)
    {
        var attention = weights.EncoderAttention;
        var weight = Array.ConvertAll(attention.Out, value => (double)value);

        // A row of the map times R(-t) is R(t) applied to the row.
        Constants.Rotate(weight, attention.HeadDim, weights.Omega, PossmTokenizer.LatentTime(weights.Config, latent));
        var bias = Constants.Sum(Constants.Row(attention.OutBias, 0, _dim), Constants.Row(weights.Latents, latent, _dim));
        return _kernels.Pack(_layout.Columns(weight), _dim, _layout.RowWidth, Array.ConvertAll(bias, value => (float)value));
    }
}
