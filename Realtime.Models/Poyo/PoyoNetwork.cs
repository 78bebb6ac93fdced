using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Poyo;

/// <summary>
/// POYO in plain form: one forward pass over a batch, as the model was published, for any configuration and any number of tokens and
/// queries. Made to be read and compared with; it allocates and knows nothing of streams. Immutable; any thread.
/// Source: Azabou et al. 2023 (arXiv 2310.16046); github.com/neuro-galaxy/torch_brain, torch_brain/models/poyo.py.
/// </summary>
public sealed class PoyoNetwork
{
    private readonly PoyoWeights _weights;
    private readonly KernelSet _kernels;
    private readonly QueryAngles _queryAngles;
    private readonly RotaryTime _rotary;
    private readonly CrossAttention _encoderAttention;
    private readonly FeedForward _encoderFeedForward;
    private readonly (SelfAttention Attention, FeedForward FeedForward)[] _layers;
    private readonly CrossAttention _decoderAttention;
    private readonly FeedForward _decoderFeedForward;
    private readonly PackedMatrix _readout;

    public PoyoNetwork(PoyoWeights weights, KernelSet kernels, QueryAngles queryAngles = QueryAngles.Exact)
    {
        _weights = weights;
        _kernels = kernels;
        _queryAngles = queryAngles;
        _rotary = new RotaryTime(weights.Omega);
        _encoderAttention = new CrossAttention(weights.EncoderAttention, kernels, rotateValues: true);
        _encoderFeedForward = new FeedForward(weights.EncoderFeedForward, kernels);
        _layers = [.. weights.Layers.Select(layer => (new SelfAttention(layer.Attention, kernels), new FeedForward(layer.FeedForward, kernels)))];
        _decoderAttention = new CrossAttention(weights.DecoderAttention, kernels, rotateValues: false);
        _decoderFeedForward = new FeedForward(weights.DecoderFeedForward, kernels);
        _readout = kernels.Pack(weights.Readout, weights.Outputs, weights.Config.Dim, weights.ReadoutBias);
    }

    /// <summary>Predicts every query of a batch.</summary>
    /// <param name="batch">Any number of samples.</param>
    /// <param name="trace">Sees latents.after_enc_atn, latents.after_enc_ffn, latents.after_proc_atn.LAYER, latents.after_proc.LAYER
    /// [samples, latents, dim], queries.after_dec_atn, queries.after_dec_ffn [samples, queries, dim] and pred, in this order; or null.</param>
    /// <returns>[samples, queries, outputs], in the units the model was trained on; rows of padding mean nothing.</returns>
    /// <exception cref="ArgumentException">An index of the batch is not in its table, or an array has the wrong length.</exception>
    public float[] Forward(PoyoBatch batch, StageTrace? trace = null)
    {
        PoyoBatchCheck.Check(batch, _weights);
        var dim = _weights.Config.Dim;
        var (samples, tokens, latents, queries) = (batch.Samples, batch.Tokens, batch.Latents, batch.Queries);
        var inputTimes = Tables(batch.InputTimes, samples, tokens);
        var latentTimes = Tables(batch.LatentTimes, samples, latents);
        var queryTimes = Tables(batch.OutputTimes, samples, queries, _queryAngles);

        var x = Sum(Rows(_weights.Units, batch.InputUnits), Rows(_weights.TokenTypes, batch.InputTypes));
        var z = Rows(_weights.Latents, batch.LatentIndex);
        var q = Rows(_weights.Sessions, [.. batch.Sessions.SelectMany(session => Enumerable.Repeat(session, queries))]);
        var keyBias = KeyBias(batch.InputMask);

        for (var sample = 0; sample < samples; sample++)
        {
            _encoderAttention.AddTo(
                Part(z, sample, latents), latents, latentTimes[sample], Part(x, sample, tokens), tokens, inputTimes[sample],
                keyBias.Length == 0 ? [] : keyBias.AsSpan(sample * tokens, tokens));
        }

        trace?.Invoke("latents.after_enc_atn", z);
        _encoderFeedForward.AddTo(z, samples * latents);
        trace?.Invoke("latents.after_enc_ffn", z);

        for (var layer = 0; layer < _layers.Length; layer++)
        {
            for (var sample = 0; sample < samples; sample++) _layers[layer].Attention.AddTo(Part(z, sample, latents), latents, latentTimes[sample]);
            trace?.Invoke($"latents.after_proc_atn.{layer}", z);
            _layers[layer].FeedForward.AddTo(z, samples * latents);
            trace?.Invoke($"latents.after_proc.{layer}", z);
        }

        for (var sample = 0; sample < samples; sample++)
            _decoderAttention.AddTo(Part(q, sample, queries), queries, queryTimes[sample], Part(z, sample, latents), latents, latentTimes[sample], []);
        trace?.Invoke("queries.after_dec_atn", q);
        _decoderFeedForward.AddTo(q, samples * queries);
        trace?.Invoke("queries.after_dec_ffn", q);

        var prediction = new float[samples * queries * _weights.Outputs];
        _kernels.Multiply(q, dim, samples * queries, _readout, prediction, _weights.Outputs);
        trace?.Invoke("pred", prediction);
        return prediction;
    }

    /// <summary>One table of angles per sample.</summary>
    private RotaryTable[] Tables(double[] times, int samples, int rows, QueryAngles angles = QueryAngles.Exact)
    {
        var tables = new RotaryTable[samples];
        for (var sample = 0; sample < samples; sample++)
        {
            var seconds = times.AsSpan(sample * rows, rows);
            tables[sample] = angles == QueryAngles.Exact ? _rotary.Table(seconds, _kernels) : Float32Angles.Table(seconds, _weights.Omega);
        }

        return tables;
    }

    /// <summary>Rows of an embedding table, one after the other.</summary>
    private float[] Rows(float[] table, int[] rows)
    {
        var dim = _weights.Config.Dim;
        var result = new float[rows.Length * dim];
        for (var i = 0; i < rows.Length; i++) table.AsSpan(rows[i] * dim, dim).CopyTo(result.AsSpan(i * dim));
        return result;
    }

    private Span<float> Part(float[] rows, int sample, int count)
    {
        var length = count * _weights.Config.Dim;
        return rows.AsSpan(sample * length, length);
    }

    private static float[] Sum(float[] a, float[] b)
    {
        for (var i = 0; i < a.Length; i++) a[i] += b[i];
        return a;
    }

    /// <summary>-∞ for padding, 0 otherwise; empty without a mask.</summary>
    private static float[] KeyBias(bool[]? mask) => mask is null ? [] : Array.ConvertAll(mask, real => real ? 0f : float.NegativeInfinity);
}
