using System.Globalization;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>
/// POSSM over whole samples, step by step as upstream writes it: the reference for <see cref="PossmStream"/>. Both revisions, both masks.
/// Takes its working memory per call. Immutable; any thread.
/// Source: Ryoo et al. 2025 (arXiv 2506.05320); github.com/neuro-galaxy/torch_brain, branch possm, torch_brain/models/possm.py.
/// </summary>
public sealed class PossmNetwork
{
    private readonly KernelSet _kernels;
    private readonly PossmWeights _weights;
    private readonly RotaryTime _time;
    private readonly RotaryTime _decoderTime;
    private readonly CrossAttention _encoderAttention;
    private readonly (SelfAttention Attention, FeedForward FeedForward)[] _layers;
    private readonly FeedForward _encoderFeedForward;
    private readonly CrossAttention _decoderAttention;
    private readonly FeedForward _decoderFeedForward;
    private readonly Dictionary<string, PackedMatrix> _readouts;

    /// <param name="weights">The model; the late revision if it has frequencies for the decoder.</param>
    /// <param name="kernels">Arithmetic; the best of this processor if null.</param>
    public PossmNetwork(PossmWeights weights, KernelSet? kernels = null)
    {
        _kernels = kernels ??= KernelSet.Best;
        _weights = weights;
        _time = new RotaryTime(weights.Omega);
        _decoderTime = weights.DecoderOmega is { } omega ? new RotaryTime(omega) : _time;
        _encoderAttention = new CrossAttention(weights.EncoderAttention, kernels, rotateValues: true);
        _layers = [.. weights.Layers.Select(layer => (new SelfAttention(layer.Attention, kernels), new FeedForward(layer.FeedForward, kernels)))];
        _encoderFeedForward = new FeedForward(weights.EncoderFeedForward, kernels);
        _decoderAttention = new CrossAttention(weights.DecoderAttention, kernels, rotateValues: true);
        _decoderFeedForward = new FeedForward(weights.DecoderFeedForward, kernels);
        _readouts = weights.Readouts.ToDictionary(
            pair => pair.Key, pair => kernels.Pack(pair.Value.Weight, pair.Value.Outputs, weights.Config.Dim, pair.Value.Bias), StringComparer.Ordinal);
    }

    /// <summary>Predictions of a batch.</summary>
    /// <param name="batch">Tokens and queries.</param>
    /// <param name="mask">The tokens that are seen.</param>
    /// <param name="tasks">Names of the tasks by id; the first has id 1.</param>
    /// <param name="trace">Sees each stage: latents.after_enc_atn, latents.after_proc_atn.L, latents.after_proc.L, latents.after_enc_ffn
    /// [samples, chunks × latents, dim], gru.out.L [samples, chunks, width], queries.after_dec_atn and queries.after_dec_ffn [samples, queries,
    /// dim]. Rows of padding are 0.</param>
    /// <returns>By task, [samples, queries, outputs]; 0 where a query asks for another task.</returns>
    /// <exception cref="ArgumentException">
    /// A row is outside its table, a task has no readout, or a query of the late revision lies after its sample's last chunk.
    /// </exception>
    public IReadOnlyDictionary<string, float[]> Forward(PossmBatch batch, PossmMask mask, IReadOnlyList<string> tasks, StageTrace? trace = null)
    {
        if (tasks.FirstOrDefault(task => !_readouts.ContainsKey(task)) is { } unknown)
            throw new ArgumentException($"The model has no readout '{unknown}'.", nameof(tasks));
        var latents = Encode(batch, mask, trace);
        var context = Recur(batch, latents, trace);
        var queries = Read(batch, context, trace);
        return tasks.Index().ToDictionary(task => task.Item, task => Readout(batch, queries, _readouts[task.Item], task.Index + 1), StringComparer.Ordinal);
    }

    /// <summary>[samples, chunks, latents × dim].</summary>
    private float[] Encode(PossmBatch batch, PossmMask mask, StageTrace? trace)
    {
        var config = _weights.Config;
        var width = batch.Latents * config.Dim;
        var z = new float[batch.Samples * batch.Chunks * width];
        var shown = mask == PossmMask.Strict ? batch.TokenMask : batch.InputMask;
        var latentTimes = Enumerable.Range(0, batch.Samples)
            .Select(sample => _time.Table(batch.LatentTimes.AsSpan(sample * batch.Latents, batch.Latents), _kernels)).ToArray();
        ForEachChunk(batch, (sample, chunk) =>
        {
            var rows = z.AsSpan((sample * batch.Chunks + chunk) * width, width);
            for (var latent = 0; latent < batch.Latents; latent++)
                Row(_weights.Latents, batch.LatentRows[sample * batch.Latents + latent]).CopyTo(rows[(latent * config.Dim)..]);
            var first = (sample * batch.Chunks + chunk) * batch.Tokens;
            var tokens = Enumerable.Range(first, batch.Tokens).Where(token => shown[token]).ToArray();
            var x = new float[tokens.Length * config.Dim];
            for (var i = 0; i < tokens.Length; i++)
                Sum(Row(_weights.Units, batch.UnitRows[tokens[i]]), Row(_weights.TokenTypes, batch.TokenTypes[tokens[i]]), x.AsSpan(i * config.Dim, config.Dim));
            var times = _time.Table(Array.ConvertAll(tokens, token => (double)batch.TokenTimes[token]), _kernels);
            _encoderAttention.AddTo(rows, batch.Latents, latentTimes[sample], x, tokens.Length, times, []);
        });
        trace?.Invoke("latents.after_enc_atn", z);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            var (attention, feedForward) = _layers[layer];
            ForEachChunk(batch, (sample, chunk) =>
                attention.AddTo(z.AsSpan((sample * batch.Chunks + chunk) * width, width), batch.Latents, latentTimes[sample]));
            trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"latents.after_proc_atn.{layer}"), z);
            ForEachChunk(batch, (sample, chunk) => feedForward.AddTo(z.AsSpan((sample * batch.Chunks + chunk) * width, width), batch.Latents));
            trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"latents.after_proc.{layer}"), z);
        }

        ForEachChunk(batch, (sample, chunk) => _encoderFeedForward.AddTo(z.AsSpan((sample * batch.Chunks + chunk) * width, width), batch.Latents));
        trace?.Invoke("latents.after_enc_ffn", z);
        return z;
    }

    /// <summary>[samples, chunks, width of the GRU], the top layer.</summary>
    private float[] Recur(PossmBatch batch, float[] input, StageTrace? trace)
    {
        var rows = batch.Samples * batch.Chunks;
        for (var layer = 0; layer < _weights.Rnn.Count; layer++)
        {
            var (inputs, width) = (_weights.Rnn[layer].Inputs, _weights.Rnn[layer].Width);
            var arena = new FloatArena();
            var gru = new Gru(_weights.Rnn[layer], _kernels, arena);
            arena.Allocate();
            var (source, output) = (input, new float[rows * width]);
            var state = new float[width];
            ForEachChunk(batch, (sample, chunk) =>
            {
                if (chunk == 0) state.AsSpan().Clear();
                var row = sample * batch.Chunks + chunk;
                gru.Step(source.AsSpan(row * inputs, inputs), state);
                state.CopyTo(output, row * width);
            });
            trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"gru.out.{layer}"), output);
            input = output;
        }

        return input;
    }

    /// <summary>[samples, queries, dim].</summary>
    private float[] Read(PossmBatch batch, float[] context, StageTrace? trace)
    {
        var config = _weights.Config;
        var q = new float[batch.Samples * batch.Queries * config.Dim];
        for (var query = 0; query < batch.Samples * batch.Queries; query++)
        {
            if (!batch.QueryMask[query]) continue;
            var sample = query / batch.Queries;

            // The newest chunk seen, from 0. NB: the early revision answers a query after the end, from one chunk less.
            var newest = batch.QueryChunks[query] - 1;
            var chunks = batch.ChunkCounts[sample];
            if (_weights.IsLate && newest >= chunks)
                throw new ArgumentException($"Query {query % batch.Queries} of sample {sample} lies after the sample's last chunk.", nameof(batch));
            var first = Math.Max(0, newest - config.OutputCaCtxLim + 1);
            var keys = Math.Max(0, Math.Min(newest, chunks - 1) - first + 1);

            // Only differences of times count. Upstream's late revision measures from the end of the query's chunk, its early one from the sample's start.
            var origin = _weights.IsLate ? newest + 1 : 0;
            var ends = Enumerable.Range(first, keys).Select(chunk => (chunk + 1 - origin) * config.BinWidth).ToArray();
            var time = batch.QueryTimes[query] - origin * config.BinWidth;
            var row = q.AsSpan(query * config.Dim, config.Dim);
            Sum(Row(_weights.Tasks, batch.TaskIds[query]), Row(_weights.Sessions, batch.SessionRows[query]), row);
            var rows = context.AsSpan((sample * batch.Chunks + Math.Min(first, chunks - 1)) * config.RnnDim, keys * config.RnnDim);
            _decoderAttention.AddTo(row, 1, _decoderTime.Table([time], _kernels), rows, keys, _decoderTime.Table(ends, _kernels), []);
        }

        trace?.Invoke("queries.after_dec_atn", q);
        for (var query = 0; query < batch.Samples * batch.Queries; query++)
            if (batch.QueryMask[query]) _decoderFeedForward.AddTo(q.AsSpan(query * config.Dim, config.Dim), 1);
        trace?.Invoke("queries.after_dec_ffn", q);
        return q;
    }

    private float[] Readout(PossmBatch batch, float[] queries, PackedMatrix readout, int task)
    {
        var (dim, width) = (_weights.Config.Dim, readout.Outputs);
        var values = new float[batch.Samples * batch.Queries * width];
        for (var query = 0; query < batch.Samples * batch.Queries; query++)
        {
            if (batch.QueryMask[query] && batch.TaskIds[query] == task)
                _kernels.Multiply(queries.AsSpan(query * dim, dim), dim, 1, readout, values.AsSpan(query * width, width), width);
        }

        return values;
    }

    private static void ForEachChunk(PossmBatch batch, Action<int, int> action)
    {
        for (var sample = 0; sample < batch.Samples; sample++)
            for (var chunk = 0; chunk < batch.ChunkCounts[sample]; chunk++) action(sample, chunk);
    }

    private ReadOnlySpan<float> Row(float[] table, int row)
    {
        var dim = _weights.Config.Dim;
        if ((uint)row >= (uint)(table.Length / dim)) throw new ArgumentException($"Row {row} is outside its table of {table.Length / dim} rows.");
        return table.AsSpan(row * dim, dim);
    }

    private static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sum)
    {
        for (var i = 0; i < sum.Length; i++) sum[i] = a[i] + b[i];
    }
}
