using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Training;
using Realtime.Models.Training.Blocks;
using Realtime.Models.Training.Windows;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Poyo;

/// <summary>
/// POYO as it is trained: what <see cref="PoyoNetwork"/> computes, recorded on a tape, with upstream's dropout. Keys and values of the encoder
/// are computed once per unit and token type, queries of latents and of sessions once per vector, and their rows repeated; that is the same
/// function, only cheaper. Any thread between steps.
/// Source: Azabou et al. 2023 (arXiv 2310.16046); github.com/neuro-galaxy/torch_brain, torch_brain/models/poyo.py.
/// </summary>
public sealed class PoyoTrainable : ITrainableNetwork
{
    private readonly PoyoConfig _config;
    private readonly DropoutRates _dropout;
    private readonly KernelSet _kernels;
    private readonly RotaryTime _rotary;
    private readonly Parameter _units;
    private readonly Parameter _sessions;
    private readonly Parameter _types;
    private readonly Parameter _latents;
    private readonly TrainableCrossAttention _encoderAttention;
    private readonly TrainableFeedForward _encoderFeedForward;
    private readonly (TrainableSelfAttention Attention, TrainableFeedForward FeedForward)[] _layers;
    private readonly TrainableCrossAttention _decoderAttention;
    private readonly TrainableFeedForward _decoderFeedForward;
    private readonly (Parameter Weight, Parameter Bias) _readout;

    /// <param name="weights">Values at the start; they are copied.</param>
    /// <param name="dropout">Rates in training; none if null.</param>
    /// <param name="kernels">Arithmetic of angles; the best of this processor if null.</param>
    public PoyoTrainable(PoyoWeights weights, DropoutRates? dropout = null, KernelSet? kernels = null)
    {
        _config = weights.Config;
        _dropout = dropout ??= new DropoutRates();
        _kernels = kernels ?? KernelSet.Best;
        _rotary = new RotaryTime(weights.Omega);
        var list = new ParameterList();
        _units = list.AddTable("unit_emb.weight", ParameterKind.RowTable, weights.Units, _config.Dim);
        _sessions = list.AddTable("session_emb.weight", ParameterKind.RowTable, weights.Sessions, _config.Dim);
        _types = list.AddTable("token_type_emb.weight", ParameterKind.Dense, weights.TokenTypes, _config.Dim);
        _latents = list.AddTable("latent_emb.weight", ParameterKind.Dense, weights.Latents, _config.Dim);
        list.AddConstant("rotary_emb.omega", weights.Omega);
        _encoderAttention = new TrainableCrossAttention(list, "enc_atn", weights.EncoderAttention, rotateValues: true, dropout.Atn);
        _encoderFeedForward = new TrainableFeedForward(list, "enc_ffn", weights.EncoderFeedForward, dropout.Ffn);
        _layers = [.. weights.Layers.Select((layer, index) => (
            new TrainableSelfAttention(list, $"proc_layers.{index}.0", layer.Attention, dropout.Atn),
            new TrainableFeedForward(list, $"proc_layers.{index}.1", layer.FeedForward, dropout.Ffn)))];
        _decoderAttention = new TrainableCrossAttention(list, "dec_atn", weights.DecoderAttention, rotateValues: false, dropout.Atn);
        _decoderFeedForward = new TrainableFeedForward(list, "dec_ffn", weights.DecoderFeedForward, dropout.Ffn);
        _readout = list.AddLinear("readout", weights.Readout, weights.ReadoutBias);
        Parameters = list.ToSet();
    }

    /// <summary>The network of some tensors under upstream's names, as <see cref="PoyoRandom.Tensors"/> and model files hold them.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, of another shape than the configuration says, or not finite.</exception>
    public static PoyoTrainable Of(IEnumerable<TensorData> tensors, PoyoConfig config, DropoutRates? dropout = null) =>
        new(PoyoWeights.Read(TensorReader.Of(tensors), config), dropout);

    /// <inheritdoc/>
    public ParameterSet Parameters { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A window does not fit the model; the message says why.</exception>
    public Variable Predict(Tape tape, IReadOnlyList<TrainingWindow> windows)
    {
        var z = Encode(tape, windows);
        var latentTimes = LatentTimes(windows.Count);
        foreach (var (attention, feedForward) in _layers)
        {
            z = tape.Add(z, tape.Dropout(attention.Apply(tape, z, latentTimes, _config.Latents), _dropout.Lin));
            z = tape.Add(z, tape.Dropout(feedForward.Apply(tape, z), _dropout.Lin));
        }

        var y = Decode(tape, windows, z, latentTimes);
        return tape.Linear(y, _readout.Weight, _readout.Bias);
    }

    /// <summary>[windows × latents, dim].</summary>
    private Variable Encode(Tape tape, IReadOnlyList<TrainingWindow> windows)
    {
        var tokens = new PoyoTrainableTokens(windows, _config, _units.Rows);
        var kinds = tape.Add(tape.Rows(_units, tokens.Units), tape.Rows(_types, tokens.Types));
        var keysValues = tape.Rows(_encoderAttention.KeysValues(tape, kinds), tokens.Tokens);
        var tokenTimes = new RowTimes(_rotary.Table(tokens.Times, _kernels), tokens.TimeRows);

        // Latents of one index differ by their times alone.
        var distinct = tape.Rows(_latents, [.. Enumerable.Range(0, _config.NumLatentsPerStep)]);
        var queries = tape.Rows(_encoderAttention.Queries(tape, distinct), LatentIndex(1));
        var z = tape.Rows(distinct, LatentIndex(windows.Count));
        z = tape.Add(z, _encoderAttention.Attend(tape, queries, LatentTimes(1), keysValues, tokenTimes, tokens.Segments, LatentTimes(windows.Count)));
        return tape.Add(z, _encoderFeedForward.Apply(tape, z));
    }

    /// <summary>[all queries, dim].</summary>
    private Variable Decode(Tape tape, IReadOnlyList<TrainingWindow> windows, Variable z, RowTimes latentTimes)
    {
        var sessions = new DistinctRows(_sessions.Rows, "sessions");
        var sessionOfQuery = new List<int>();
        var times = new List<double>();
        var segments = new AttentionSegment[windows.Count];
        for (var window = 0; window < windows.Count; window++)
        {
            var asked = windows[window].QueryTimes;
            segments[window] = new AttentionSegment(times.Count, asked.Length, window * _config.Latents, _config.Latents, times.Count);
            sessionOfQuery.AddRange(Enumerable.Repeat(sessions.Place(windows[window].SessionRow), asked.Length));
            times.AddRange(asked);
        }

        var queryTimes = new RowTimes(_rotary.Table([.. times], _kernels), [.. Enumerable.Range(0, times.Count)]);
        var distinct = tape.Rows(_sessions, sessions.Rows);
        var queries = tape.Rows(_decoderAttention.Queries(tape, distinct), [.. sessionOfQuery]);
        var q = tape.Rows(distinct, [.. sessionOfQuery]);
        q = tape.Add(q, _decoderAttention.Attend(tape, queries, queryTimes, _decoderAttention.KeysValues(tape, z), latentTimes, segments, queryTimes));
        return tape.Add(q, _decoderFeedForward.Apply(tape, q));
    }

    /// <summary>Index of each latent within its step, for some windows.</summary>
    private int[] LatentIndex(int windows) => [.. Enumerable.Range(0, windows * _config.Latents).Select(latent => latent % _config.NumLatentsPerStep)];

    /// <summary>Times of all latents of some windows: the middles of the steps.</summary>
    private RowTimes LatentTimes(int windows)
    {
        var middles = Enumerable.Range(0, _config.Steps).Select(step => step * _config.LatentStep + _config.LatentStep / 2).ToArray();
        return new RowTimes(
            _rotary.Table(middles, _kernels),
            [.. Enumerable.Range(0, windows * _config.Latents).Select(latent => latent % _config.Latents / _config.NumLatentsPerStep)]);
    }
}
