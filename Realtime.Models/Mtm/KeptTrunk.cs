using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Mtm;

/// <summary>
/// Strictly causal: keys and values of earlier bins are kept, and a bin costs one row. Rows of keys stand in no order, as a softmax has none; what
/// leaves the context is overwritten by the last row. The prefix sees only itself, so that its rows are constants.
/// </summary>
internal sealed class KeptTrunk : ILiveTrunk
{
    private readonly MtmWeights _weights;
    private readonly KernelSet _kernels;
    private readonly LiveLayer[] _layers;
    private readonly float[] _nothing;
    private readonly RotaryTime? _rotary;
    private readonly RotaryTable? _table;
    private readonly RotaryScratch? _scratch;
    private readonly int _ahead;
    private readonly int _backward;
    private readonly bool _isEndless;
    private readonly int _maxBins;
    private readonly int _capacity;
    private readonly long[] _positions;
    private readonly AlignedFloats[] _keys;
    private readonly AlignedFloats[] _values;
    private readonly float[] _x;
    private readonly float[] _normed;
    private readonly float[] _queryKeyValue;
    private readonly float[] _attended;
    private readonly float[] _inner;
    private readonly float[] _bias;
    private readonly float[] _attentionScratch;
    private int _rows;
    private long _next;

    /// <param name="model">The model.</param>
    /// <param name="nothing">[hidden], the row of a bin without spikes.</param>
    /// <param name="kernels">Arithmetic.</param>
    public KeptTrunk(MtmModel model, float[] nothing, KernelSet kernels)
    {
        (_weights, _kernels, _nothing) = (model.Weights, kernels, nothing);
        var (config, settings) = (_weights.Config, model.Settings);
        _layers = [.. _weights.Layers.Select(layer => new LiveLayer(layer, config, settings.HalfWeights, kernels))];
        _ahead = settings.ForwardBins;
        _backward = Math.Max(settings.ContextBackward, 0);
        _isEndless = settings.Mode == MtmLiveMode.Rotary;
        _maxBins = config.MaxF;
        var most = Math.Max(1 + _ahead, config.Prefix);
        _capacity = config.Prefix + (_backward > 0 ? _backward : config.MaxF) + most;
        _positions = new long[_capacity];
        _keys = [.. _layers.Select(_ => new AlignedFloats(_capacity * config.HiddenSize))];
        _values = [.. _layers.Select(_ => new AlignedFloats(_capacity * config.HiddenSize))];
        _x = new float[most * config.HiddenSize];
        _normed = new float[_x.Length];
        _queryKeyValue = new float[3 * _x.Length];
        _attended = new float[_x.Length];
        _inner = new float[most * config.InterSize];
        _bias = new float[most * _capacity];
        _attentionScratch = new float[Math.Max(kernels.AttentionScratch(_capacity, config.HeadDim), OneQuery.Scratch(kernels, _capacity, config.HeadDim))];
        if (config.UseRope)
        {
            _rotary = MtmRotary.Time(config);
            _table = new RotaryTable(most, _rotary.Pairs);
            _scratch = new RotaryScratch(_rotary.Pairs);
        }

        KeepPrefix(model.Session.Row, settings.Prompt);
        Restart();
    }

    /// <inheritdoc/>
    public void Restart()
    {
        _rows = _weights.Config.Prefix;
        _next = 0;
    }

    /// <inheritdoc/>
    public int Step(ReadOnlySpan<float> bin, int skipped, bool lost, Span<float> states)
    {
        // Nothing that is kept can be seen any more: begin anew, as positions count from the prefix on.
        if (_isEndless && skipped >= _backward) Restart();
        else _next += skipped;
        var position = _next++;
        Expire(position);
        var ahead = _isEndless ? _ahead : (int)Math.Min(_ahead, _maxBins - 1 - position);
        Rows(bin, position, ahead);
        Mask(position, ahead, lost);
        for (var layer = 0; layer < _layers.Length; layer++) Layer(layer, _rows, 1 + ahead, ahead > 0);
        if (!lost) _positions[_rows++] = position;

        var (width, norm) = (_weights.Config.HiddenSize, _weights.OutNorm);
        _kernels.LayerNorm(_x, 1 + ahead, width, norm.Gain, norm.Bias, _normed);
        StateHistory.Shift(states[(_ahead * width)..], width, 1 + skipped);
        for (var row = 0; row <= ahead; row++) _normed.AsSpan(row * width, width).CopyTo(states[((_ahead - row) * width)..]);
        return ahead;
    }

    /// <summary>Keys and values of the prefix, for good.</summary>
    private void KeepPrefix(int session, MtmPrompt prompt)
    {
        var (config, width) = (_weights.Config, _weights.Config.HiddenSize);
        if (config.Prefix == 0) return;
        MtmPrefix.Write(_weights, session, prompt, _x);
        Turn(0, config.Prefix);
        for (var layer = 0; layer < _layers.Length; layer++) Layer(layer, 0, config.Prefix, masked: false);
    }

    /// <summary>The new bin and the empty ones behind it, with their positions.</summary>
    private void Rows(ReadOnlySpan<float> bin, long position, int ahead)
    {
        var (config, width) = (_weights.Config, _weights.Config.HiddenSize);
        bin.CopyTo(_x);
        for (var row = 1; row <= ahead; row++) _nothing.CopyTo(_x.AsSpan(row * width));
        if (config.Pos)
            for (var i = 0; i < (1 + ahead) * width; i++) _x[i] += _weights.Positions[(int)position * width + i];
        Turn(config.Prefix + position, 1 + ahead);
    }

    private void Turn(long first, int rows)
    {
        if (_rotary is null) return;
        for (var row = 0; row < rows; row++) MtmRotary.SetRow(_rotary, _table!, row, first + row, _scratch!, _kernels);
    }

    /// <summary>Drops what a bin does not see any more, and so no later bin will.</summary>
    private void Expire(long position)
    {
        if (_backward == 0) return;
        var width = _weights.Config.HiddenSize;
        for (var row = _weights.Config.Prefix; row < _rows; row++)
        {
            while (row < _rows && _positions[row] < position - _backward)
            {
                _rows--;
                _positions[row] = _positions[_rows];
                for (var layer = 0; layer < _layers.Length && row < _rows; layer++)
                {
                    Move(_keys[layer].Span, _rows, row);
                    Move(_values[layer].Span, _rows, row);
                }
            }
        }

        void Move(Span<float> rows, int from, int to) => rows.Slice(from * width, width).CopyTo(rows[(to * width)..]);
    }

    /// <summary>What each new row sees: kept rows within its context, and new ones up to itself, a lost one by itself only.</summary>
    private void Mask(long position, int ahead, bool lost)
    {
        if (ahead == 0) return;
        var (prefix, keys) = (_weights.Config.Prefix, _rows + 1 + ahead);
        for (var row = 0; row <= ahead; row++)
        {
            var bias = _bias.AsSpan(row * keys, keys);
            var first = _backward > 0 ? position + row - _backward : long.MinValue;
            for (var key = 0; key < _rows; key++) bias[key] = key < prefix || _positions[key] >= first ? 0 : float.NegativeInfinity;
            for (var other = 0; other <= ahead; other++)
            {
                var sees = other == row || (other < row && position + other >= first && !(lost && other == 0));
                bias[_rows + other] = sees ? 0 : float.NegativeInfinity;
            }
        }
    }

    /// <summary>One block for new rows, whose keys and values stand behind the kept ones.</summary>
    private void Layer(int layer, int kept, int rows, bool masked)
    {
        var (config, width) = (_weights.Config, _weights.Config.HiddenSize);
        var stride = 3 * width;
        _layers[layer].Project(_x, rows, _normed, _queryKeyValue);
        if (_table is not null) _kernels.Rotate(_queryKeyValue, stride, 2 * config.NHeads, config.HeadDim, _table, 0, rows);
        var keys = _keys[layer].Span;
        var values = _values[layer].Span;
        for (var row = 0; row < rows; row++)
        {
            _queryKeyValue.AsSpan(row * stride + width, width).CopyTo(keys[((kept + row) * width)..]);
            _queryKeyValue.AsSpan(row * stride + 2 * width, width).CopyTo(values[((kept + row) * width)..]);
        }

        var shape = new AttentionShape
        {
            Queries = rows,
            Keys = kept + rows,
            Heads = config.NHeads,
            HeadDim = config.HeadDim,
            QueryStride = stride,
            KeyStride = width,
            ValueStride = width,
            OutputStride = width,
        };
        if (masked) _kernels.AttendMasked(shape, _queryKeyValue, keys, values, _bias.AsSpan(0, rows * shape.Keys), _attended, _attentionScratch);
        else if (rows == 1) OneQuery.Attend(_kernels, shape, _queryKeyValue, keys, values, _attended, _attentionScratch);
        else _kernels.Attend(shape, _queryKeyValue, keys, values, [], _attended, _attentionScratch);
        _layers[layer].Finish(_x.AsSpan(0, rows * width), _attended, rows, _normed, _inner);
    }
}
