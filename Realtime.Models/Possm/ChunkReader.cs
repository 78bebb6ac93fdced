using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>
/// Reads the answer out of the last chunks' hidden states. The one query is a constant, measured from the newest chunk's end, so a chunk's
/// scores for every place it will have are one product with its hidden state when it arrives; its value is kept unturned and turned by its
/// place. One thread at a time; allocates nothing per call.
/// </summary>
internal sealed class ChunkReader
{
    private readonly KernelSet _kernels;
    private readonly FloatArena _arena;
    private readonly RotaryLayout _layout;
    private readonly int _places;
    private readonly int _rowWidth;
    private readonly PackedMatrix _toRow;
    private readonly PackedMatrix _out;
    private readonly FoldedFeedForward _feedForward;
    private readonly PackedMatrix _readout;
    private readonly RotaryPlaces _turns;
    private readonly int[] _rows;
    private readonly FloatSlot _normed;
    private readonly FloatSlot _history;
    private readonly FloatSlot _scores;
    private readonly FloatSlot _sums;
    private readonly FloatSlot _query;
    private readonly FloatSlot _hidden;
    private int _newest;
    private int _kept;

    /// <param name="weights">The model.</param>
    /// <param name="options">Task, session and query.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="arena">Takes the state and the working memory.</param>
    public ChunkReader(PossmWeights weights, PossmStreamOptions options, KernelSet kernels, FloatArena arena)
    {
        var (config, attention) = (weights.Config, weights.DecoderAttention);
        var omega = weights.DecoderOmega ?? weights.Omega;
        _kernels = kernels;
        _arena = arena;
        _places = config.OutputCaCtxLim;
        _turns = new RotaryPlaces(omega, _places, place => options.QueryLag - place * config.BinWidth, kernels);
        _layout = new RotaryLayout(attention.Heads, attention.HeadDim, _turns.Pairs);
        var q = Constants.Sum(Constants.Row(weights.Tasks, options.TaskId, config.Dim), Constants.Row(weights.Sessions, options.SessionRow, config.Dim));
        _rowWidth = _layout.RowWidth + _places * _layout.Heads;
        _toRow = PackRow(weights, omega, q, options.QueryLag);
        var bias = Constants.Sum(Constants.Row(attention.OutBias, 0, config.Dim), q);
        _out = kernels.Pack(
            _layout.Columns(Array.ConvertAll(attention.Out, value => (double)value)), config.Dim, _layout.RowWidth, Array.ConvertAll(bias, value => (float)value));
        _feedForward = new FoldedFeedForward(weights.DecoderFeedForward, config.Dim, kernels);
        var readout = weights.Readouts[options.Task];
        _readout = kernels.Pack(readout.Weight, readout.Outputs, config.Dim, readout.Bias);
        _rows = new int[_places];
        _normed = arena.Reserve(config.RnnDim);
        _history = arena.Reserve(checked(_places * _rowWidth));
        _scores = arena.Reserve(_layout.Heads * _places);
        _sums = arena.Reserve(_layout.RowWidth);
        _query = arena.Reserve(config.Dim);
        _hidden = arena.Reserve(FoldedFeedForward.Scratch(1, config.Dim));
    }

    /// <summary>Forgets the chunks.</summary>
    public void Reset() => (_newest, _kept) = (0, 0);

    /// <summary>Adds the newest chunk's hidden state and answers.</summary>
    public void Step(ReadOnlySpan<float> hidden, Span<float> values)
    {
        var heads = _layout.Heads;
        var history = _arena[_history];
        var normed = _arena[_normed];
        _newest = _newest + 1 < _places ? _newest + 1 : 0;
        _kept = Math.Min(_kept + 1, _places);
        _kernels.Normalize(hidden, 1, normed.Length, normed);
        _kernels.Multiply(normed, normed.Length, 1, _toRow, history.Slice(_newest * _rowWidth, _rowWidth), _rowWidth);

        var scores = _arena[_scores][..(heads * _kept)];
        for (var place = 0; place < _kept; place++)
        {
            var slot = _newest - place;
            if (slot < 0) slot += _places;
            _rows[place] = slot;
            var row = history.Slice(slot * _rowWidth + _layout.RowWidth + place * heads, heads);
            for (var head = 0; head < heads; head++) scores[head * _kept + place] = row[head];
        }

        _kernels.Softmax(scores, heads, _kept);
        var sums = _arena[_sums];
        var query = _arena[_query];
        _kernels.RotarySums(_turns.Tokens(_rows.AsSpan(0, _kept)), scores, heads, heads, _layout.HeadDim, history, _rowWidth, sums);
        _kernels.Multiply(sums, sums.Length, 1, _out, query, query.Length);
        _feedForward.Add(query, 1, _arena[_hidden]);
        _kernels.Multiply(query, query.Length, 1, _readout, values, _readout.Outputs);
    }

    /// <summary>A map of the normalised hidden state to its value in the order of the tables, then its scores [places, heads].</summary>
    private PackedMatrix PackRow(PossmWeights weights, ReadOnlySpan<float> omega, double[] x, double queryLag)
    {
        var (config, attention) = (weights.Config, weights.DecoderAttention);
        var (width, inner, headDim) = (config.RnnDim, attention.Inner, attention.HeadDim);
        var weight = new float[checked(_rowWidth * width)];
        for (var channel = 0; channel < inner; channel++)
            attention.ToKeyValue.AsSpan((inner + channel) * width, width).CopyTo(weight.AsSpan(_layout.Place(channel) * width));
        var query = Constants.Product(attention.ToQuery, Constants.LayerNorm(attention.Norm, x));
        for (var place = 0; place < _places; place++)
        {
            // q · R(t) k = R(-t) q · k, with t from the query to the chunk's end.
            var turned = query.ToArray();
            Constants.Rotate(turned, headDim, omega, place * config.BinWidth - queryLag);
            for (var head = 0; head < attention.Heads; head++)
            {
                var sum = new double[width];
                for (var channel = head * headDim; channel < (head + 1) * headDim; channel++)
                    for (var i = 0; i < width; i++) sum[i] += turned[channel] * attention.ToKeyValue[channel * width + i];
                var row = weight.AsSpan((_layout.RowWidth + place * attention.Heads + head) * width, width);
                for (var i = 0; i < width; i++) row[i] = (float)(sum[i] / Math.Sqrt(headDim));
            }
        }

        return Folding.Pack(_kernels, weight, [], attention.ContextNorm, _rowWidth, width);
    }
}
