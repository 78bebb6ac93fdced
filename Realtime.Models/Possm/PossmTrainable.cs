using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Training;
using Realtime.Models.Training.Blocks;
using Realtime.Models.Training.Windows;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Possm;

/// <summary>
/// POSSM's late revision as it is trained: what <see cref="PossmNetwork"/> computes with strict masks, recorded on a tape, with upstream's
/// dropout. Keys and values of the encoder are computed once per unit, queries of latents and of sessions once per vector, and their rows
/// repeated; that is the same function, only cheaper. Any thread between steps.
/// Source: Ryoo et al. 2025 (arXiv 2506.05320); github.com/neuro-galaxy/torch_brain, branch possm, torch_brain/models/possm.py.
/// </summary>
public sealed class PossmTrainable : ITrainableNetwork
{
    private readonly PossmConfig _config;
    private readonly DropoutRates _dropout;
    private readonly KernelSet _kernels;
    private readonly RotaryTime _rotary;
    private readonly RotaryTime _decoderRotary;
    private readonly Parameter _units;
    private readonly Parameter _sessions;
    private readonly Parameter _types;
    private readonly Parameter _tasks;
    private readonly Parameter _latents;
    private readonly TrainableCrossAttention _encoderAttention;
    private readonly (TrainableSelfAttention Attention, TrainableFeedForward FeedForward)[] _layers;
    private readonly TrainableFeedForward _encoderFeedForward;
    private readonly GruParameters[] _rnn;
    private readonly TrainableCrossAttention _decoderAttention;
    private readonly TrainableFeedForward _decoderFeedForward;
    private readonly (Parameter Weight, Parameter Bias) _readout;

    /// <param name="weights">Values at the start; they are copied. One readout task, of id 1.</param>
    /// <param name="dropout">Rates in training; none if null.</param>
    /// <param name="kernels">Arithmetic of angles; the best of this processor if null.</param>
    /// <exception cref="ArgumentException">The weights are of the early revision, or have several readout tasks.</exception>
    public PossmTrainable(PossmWeights weights, DropoutRates? dropout = null, KernelSet? kernels = null)
    {
        if (weights.DecoderOmega is not { } decoderOmega)
        {
            throw new ArgumentException("The weights are of POSSM's early revision (no 'dec_rotary_emb.omega'), whose encoder sees blank tokens and is not trained here. " +
                "Start from a model that this program trained.", nameof(weights));
        }

        if (weights.Readouts.Count != 1)
        {
            throw new ArgumentException($"The weights have readouts for {weights.Readouts.Count} tasks ({string.Join(", ", weights.Readouts.Keys)}); one is trained here. " +
                "Leave the others out of the model first.", nameof(weights));
        }

        _config = weights.Config;
        _dropout = dropout ??= new DropoutRates();
        _kernels = kernels ?? KernelSet.Best;
        _rotary = new RotaryTime(weights.Omega);
        _decoderRotary = new RotaryTime(decoderOmega);
        var list = new ParameterList();
        _units = list.AddTable("unit_emb.weight", ParameterKind.RowTable, weights.Units, _config.Dim);
        _sessions = list.AddTable("session_emb.weight", ParameterKind.RowTable, weights.Sessions, _config.Dim);
        _types = list.AddTable("token_type_emb.weight", ParameterKind.Dense, weights.TokenTypes, _config.Dim);
        _tasks = list.AddTable("task_emb.weight", ParameterKind.Dense, weights.Tasks, _config.Dim);
        _latents = list.AddTable("latent_emb.weight", ParameterKind.Dense, weights.Latents, _config.Dim);
        list.AddConstant("rotary_emb.omega", weights.Omega);
        list.AddConstant("dec_rotary_emb.omega", decoderOmega);
        _encoderAttention = new TrainableCrossAttention(list, "enc_atn", weights.EncoderAttention, rotateValues: true, dropout.Atn);
        _layers = [.. weights.Layers.Select((layer, index) => (
            new TrainableSelfAttention(list, $"proc_layers.{index}.0", layer.Attention, dropout.Atn),
            new TrainableFeedForward(list, $"proc_layers.{index}.1", layer.FeedForward, dropout.Ffn)))];
        _encoderFeedForward = new TrainableFeedForward(list, "enc_ffn", weights.EncoderFeedForward, dropout.Ffn);
        _rnn = [.. weights.Rnn.Select((layer, index) => AddGru(list, index, layer))];
        _decoderAttention = new TrainableCrossAttention(list, "dec_atn", weights.DecoderAttention, rotateValues: true, dropout.Atn);
        _decoderFeedForward = new TrainableFeedForward(list, "dec_ffn", weights.DecoderFeedForward, dropout.Ffn);
        var (task, readout) = weights.Readouts.Single();
        _readout = list.AddLinear($"readout.projections.{task}", readout.Weight, readout.Bias);
        Parameters = list.ToSet();
    }

    /// <summary>The network of some tensors under upstream's names, as <see cref="PossmRandom.Tensors"/> and model files hold them.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, of another shape than the configuration says, or not finite.</exception>
    /// <exception cref="ArgumentException">The weights are of the early revision, or have several readout tasks.</exception>
    public static PossmTrainable Of(IEnumerable<TensorData> tensors, PossmConfig config, DropoutRates? dropout = null) =>
        new(PossmWeights.Read(TensorReader.Of(tensors), config), dropout);

    /// <inheritdoc/>
    public ParameterSet Parameters { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A window does not fit the model; the message says why.</exception>
    public Variable Predict(Tape tape, IReadOnlyList<TrainingWindow> windows)
    {
        var tokens = new PossmTrainableTokens(windows, _config, _units.Rows);
        var chunks = tokens.Chunks * windows.Count;
        var z = Encode(tape, tokens, chunks);
        var states = Recur(tape, tape.Reshape(z, chunks, _config.NumLatents * _config.Dim), windows.Count);
        var y = Decode(tape, windows, states, tokens.Chunks);
        return tape.Linear(y, _readout.Weight, _readout.Bias);
    }

    /// <summary>[chunks × latents, dim].</summary>
    private Variable Encode(Tape tape, PossmTrainableTokens tokens, int chunks)
    {
        var units = tape.Add(tape.Rows(_units, tokens.Units), tape.Rows(_types, new int[tokens.Units.Length]));
        var keysValues = tape.Rows(_encoderAttention.KeysValues(tape, units), tokens.Tokens);
        var tokenTimes = new RowTimes(_rotary.Table(tokens.Times, _kernels), [.. Enumerable.Range(0, tokens.Times.Length)]);

        var latents = tape.Rows(_latents, LatentIndex(1));
        var latentTimes = LatentTimes(chunks);
        var z = tape.Rows(latents, LatentIndex(chunks));
        z = tape.Add(z, _encoderAttention.Attend(
            tape, _encoderAttention.Queries(tape, latents), LatentTimes(1), keysValues, tokenTimes, tokens.Segments, latentTimes));
        foreach (var (attention, feedForward) in _layers)
        {
            z = tape.Add(z, tape.Dropout(attention.Apply(tape, z, latentTimes, _config.NumLatents), _dropout.Lin));
            z = tape.Add(z, tape.Dropout(feedForward.Apply(tape, z), _dropout.Lin));
        }

        return tape.Add(z, _encoderFeedForward.Apply(tape, z));
    }

    /// <summary>[chunks, width of the GRU], the top layer.</summary>
    private Variable Recur(Tape tape, Variable x, int windows)
    {
        for (var layer = 0; layer < _rnn.Length; layer++)
        {
            if (layer > 0) x = tape.Dropout(x, _dropout.Rnn);
            x = tape.Gru(x, _rnn[layer], windows);
        }

        return tape.Dropout(x, _dropout.State);
    }

    /// <summary>[all queries, dim].</summary>
    private Variable Decode(Tape tape, IReadOnlyList<TrainingWindow> windows, Variable states, int chunks)
    {
        var asked = new PossmTrainableQueries(windows, _config, chunks, _sessions.Rows);
        var distinct = tape.Add(tape.Rows(_tasks, [.. Enumerable.Repeat(1, asked.Sessions.Length)]), tape.Rows(_sessions, asked.Sessions));
        var queries = tape.Rows(_decoderAttention.Queries(tape, distinct), asked.SessionOfQuery);
        var q = tape.Rows(distinct, asked.SessionOfQuery);
        var queryTimes = new RowTimes(_decoderRotary.Table(asked.Times, _kernels), [.. Enumerable.Range(0, asked.Times.Length)]);

        // Only differences of times count, and angles are formed in double: measured from the window's start, a chunk's end is turned once for all queries.
        var ends = Enumerable.Range(0, chunks).Select(chunk => (chunk + 1) * _config.BinWidth).ToArray();
        var endTimes = new RowTimes(_decoderRotary.Table(ends, _kernels), [.. Enumerable.Range(0, states.Rows).Select(row => row / windows.Count)]);
        q = tape.Add(q, _decoderAttention.Attend(
            tape, queries, queryTimes, _decoderAttention.KeysValues(tape, states), endTimes, asked.Segments, queryTimes));
        return tape.Add(q, _decoderFeedForward.Apply(tape, q));
    }

    /// <summary>Index of each latent within its chunk, for some chunks.</summary>
    private int[] LatentIndex(int chunks) => [.. Enumerable.Range(0, chunks * _config.NumLatents).Select(latent => latent % _config.NumLatents)];

    /// <summary>Times of all latents of some chunks, s from the chunk's start.</summary>
    private RowTimes LatentTimes(int chunks)
    {
        var times = Enumerable.Range(0, _config.NumLatents).Select(latent => PossmTokenizer.LatentTime(_config, latent)).ToArray();
        return new RowTimes(_rotary.Table(times, _kernels), LatentIndex(chunks));
    }

    private static GruParameters AddGru(ParameterList list, int index, GruLayerWeights layer)
    {
        var rows = 3 * layer.Width;
        return new GruParameters(
            list.Add($"backbone.net.weight_ih_l{index}", layer.Input, rows, layer.Inputs),
            list.Add($"backbone.net.weight_hh_l{index}", layer.Hidden, rows, layer.Width),
            list.Add($"backbone.net.bias_ih_l{index}", layer.InputBias, rows),
            list.Add($"backbone.net.bias_hh_l{index}", layer.HiddenBias, rows));
    }
}
