using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Mtm;

/// <summary>
/// MtM on the NDT1-stitch backbone for one recording, plain form: whole trials, written to be read. Rows of a trial are the session's, the
/// prompt's, then bins. Takes its working memory per call. Immutable; any thread.
/// Source: Zhang et al. 2024 (arXiv 2407.14668); github.com/colehurwitz/IBL_foundation_model, src/models/ndt1.py.
/// </summary>
public sealed class MtmNetwork
{
    private readonly MtmWeights _weights;
    private readonly MtmConfig _config;
    private readonly KernelSet _kernels;
    private readonly PackedMatrix? _stitcher;
    private readonly PackedMatrix _embed;
    private readonly PackedMatrix _projection;
    private readonly MaskedAttention[] _attention;
    private readonly GeluFeedForward[] _feedForward;
    private readonly PackedMatrix _head;
    private readonly RotaryTime? _rotary;

    /// <param name="weights">The model, with one recording's stitcher and head.</param>
    /// <param name="kernels">Arithmetic; the best of this processor if null.</param>
    public MtmNetwork(MtmWeights weights, KernelSet? kernels = null)
    {
        (_weights, _config, _kernels) = (weights, weights.Config, kernels ?? KernelSet.Best);
        _stitcher = weights.Stitcher is { } stitcher ? Pack(stitcher) : null;
        _embed = Pack(weights.EmbedSpikes);
        _projection = Pack(weights.Projection);
        _rotary = _config.UseRope ? MtmRotary.Time(_config) : null;
        _attention = [.. weights.Layers.Select(layer => new MaskedAttention(_config.UseRope ? MtmRotary.SideBySide(layer.Attention) : layer.Attention, _kernels))];
        _feedForward = [.. weights.Layers.Select(layer => new GeluFeedForward(layer.FeedForward, _kernels))];
        _head = Pack(weights.Head);
    }

    /// <summary>Log-rates and latents of each bin.</summary>
    /// <param name="batch">Counts of the recording's neurons.</param>
    /// <param name="trace">
    /// Sees "stitched" [samples, bins, channels] where the model is stitched, "embed", "layer0", ..., "out_norm" [samples, prefix + bins, hidden],
    /// "log_rates" [samples, bins, neurons].
    /// </param>
    /// <exception cref="ArgumentException">The batch has other neurons, more bins than positions, or a row that its table lacks.</exception>
    public MtmOutput Forward(MtmBatch batch, StageTrace? trace = null)
    {
        Check(batch);
        var (width, prefix) = (_config.HiddenSize, _config.Prefix);
        var rows = prefix + batch.Bins;
        var x = Embed(batch, trace);
        trace?.Invoke("embed", x);

        var bias = new float[batch.Samples * rows * rows];
        for (var sample = 0; sample < batch.Samples; sample++)
            batch.Mask.Fill(prefix, batch.Valid.AsSpan(sample * batch.Bins, batch.Bins), bias.AsSpan(sample * rows * rows, rows * rows));

        var table = _rotary is null ? null : MtmRotary.Table(_rotary, rows, _kernels);
        RowTurn? turn = table is null ? null : (vectors, count) => _kernels.Rotate(vectors, width, _config.NHeads, _config.HeadDim, table, 0, count);
        var normed = new float[rows * width];
        for (var layer = 0; layer < _weights.Layers.Count; layer++)
        {
            for (var sample = 0; sample < batch.Samples; sample++)
            {
                var trial = x.AsSpan(sample * rows * width, rows * width);
                Norm(_weights.Layers[layer].Norm1, trial, normed);
                _attention[layer].AddTo(trial, normed, rows, normed, rows, bias.AsSpan(sample * rows * rows, rows * rows), turn);
                Norm(_weights.Layers[layer].Norm2, trial, normed);
                _feedForward[layer].AddTo(trial, normed, rows);
            }

            trace?.Invoke($"layer{layer}", x);
        }

        Norm(_weights.OutNorm, x, x);
        trace?.Invoke("out_norm", x);
        var states = new float[batch.Samples * batch.Bins * width];
        for (var sample = 0; sample < batch.Samples; sample++)
            x.AsSpan((sample * rows + prefix) * width, batch.Bins * width).CopyTo(states.AsSpan(sample * batch.Bins * width));
        var logRates = new float[batch.Counts.Length];
        _kernels.Multiply(states, width, batch.Samples * batch.Bins, _head, logRates, batch.Neurons);
        trace?.Invoke("log_rates", logRates);
        return new MtmOutput(states, logRates);
    }

    /// <summary>Counts to rows: stitcher, embedding, projection, positions, prefix.</summary>
    private float[] Embed(MtmBatch batch, StageTrace? trace)
    {
        var (config, bins, width, prefix) = (_config, batch.Samples * batch.Bins, _config.HiddenSize, _config.Prefix);
        var channels = batch.Counts;
        if (_stitcher is not null)
        {
            channels = new float[bins * config.NChannels];
            _kernels.Multiply(batch.Counts, batch.Neurons, bins, _stitcher, channels, config.NChannels);
            trace?.Invoke("stitched", channels);
        }

        var embedded = new float[bins * config.EmbedSize];
        _kernels.Multiply(channels, config.NChannels, bins, _embed, embedded, config.EmbedSize);
        _kernels.Softsign(embedded, (float)config.EmbedScale, embedded);
        var rows = prefix + batch.Bins;
        var x = new float[batch.Samples * rows * width];
        for (var sample = 0; sample < batch.Samples; sample++)
        {
            var trial = x.AsSpan(sample * rows * width, rows * width);
            MtmPrefix.Write(_weights, batch.SessionRow, batch.Prompt, trial);
            var own = trial[(prefix * width)..];
            _kernels.Multiply(embedded.AsSpan(sample * batch.Bins * config.EmbedSize), config.EmbedSize, batch.Bins, _projection, own, width);
            if (config.Pos)
                for (var i = 0; i < own.Length; i++) own[i] += _weights.Positions[i];
        }

        return x;
    }

    private void Norm(LayerNormWeights norm, ReadOnlySpan<float> x, Span<float> y) =>
        _kernels.LayerNorm(x, x.Length / _config.HiddenSize, _config.HiddenSize, norm.Gain, norm.Bias, y);

    private void Check(MtmBatch batch)
    {
        if (batch.Neurons != _weights.Neurons) throw new ArgumentException($"The batch has {batch.Neurons} neurons, the recording {_weights.Neurons}.", nameof(batch));
        if (_config.Pos && batch.Bins > _config.MaxF) throw new ArgumentException($"The batch has {batch.Bins} bins, the model positions for {_config.MaxF}.", nameof(batch));
        if (_config.UseSession && (uint)batch.SessionRow >= (uint)_config.NSessions)
            throw new ArgumentException($"Session row {batch.SessionRow} is not one of {_config.NSessions}.", nameof(batch));
        if (_config.UsePrompt && !Enum.IsDefined(batch.Prompt)) throw new ArgumentException($"{batch.Prompt} is no prompt.", nameof(batch));
    }

    private PackedMatrix Pack(LinearWeights map) => _kernels.Pack(map.Weight, map.Outputs, map.Inputs, map.Bias);
}
