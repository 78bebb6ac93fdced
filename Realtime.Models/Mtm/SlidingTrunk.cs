using Realtime.Models.Kernels;

namespace Realtime.Models.Mtm;

/// <summary>
/// The last bins, all computed anew, under any mask. A bin's row without position is computed once; the last block only for the rows that are read out.
/// </summary>
internal sealed class SlidingTrunk : ILiveTrunk
{
    private readonly MtmWeights _weights;
    private readonly KernelSet _kernels;
    private readonly LiveLayer[] _layers;
    private readonly MtmMask _mask;
    private readonly RotaryTable? _table;
    private readonly int _session;
    private readonly MtmPrompt _prompt;
    private readonly int _ahead;
    private readonly int _head;
    private readonly int _capacity;
    private readonly float[] _nothing;
    private readonly float[] _bins;
    private readonly bool[] _lost;
    private readonly bool[] _valid;
    private readonly float[] _x;
    private readonly float[] _normed;
    private readonly float[] _queryKeyValue;
    private readonly float[] _attended;
    private readonly float[] _inner;
    private readonly float[] _bias;
    private readonly float[] _attentionScratch;
    private int _first;
    private int _count;
    private int _maskedRows;
    private bool _maskHides;

    /// <param name="model">The model.</param>
    /// <param name="nothing">[hidden], the row of a bin without spikes.</param>
    /// <param name="kernels">Arithmetic.</param>
    public SlidingTrunk(MtmModel model, float[] nothing, KernelSet kernels)
    {
        (_weights, _kernels, _nothing) = (model.Weights, kernels, nothing);
        var (config, settings) = (_weights.Config, model.Settings);
        _layers = [.. _weights.Layers.Select(layer => new LiveLayer(layer, config, settings.HalfWeights, kernels))];
        _mask = MtmMask.Upstream(settings.Prompt) with { Backward = settings.ContextBackward, PrefixSeesBins = settings.PrefixSeesBins };
        (_session, _prompt, _ahead, _head) = (model.Session.Row, settings.Prompt, settings.ForwardBins, settings.HeadBins);
        _capacity = config.MaxF - _ahead;
        var rows = config.Prefix + config.MaxF;
        _table = config.UseRope ? MtmRotary.Table(MtmRotary.Time(config), rows, kernels) : null;
        _bins = new float[_capacity * config.HiddenSize];
        _lost = new bool[_capacity];
        _valid = new bool[config.MaxF];
        _x = new float[rows * config.HiddenSize];
        _normed = new float[_x.Length];
        _queryKeyValue = new float[3 * _x.Length];
        _attended = new float[_x.Length];
        _inner = new float[rows * config.InterSize];
        _bias = new float[rows * rows];
        _attentionScratch = new float[kernels.AttentionScratch(rows, config.HeadDim)];
    }

    /// <inheritdoc/>
    public void Restart() => (_first, _count) = (0, 0);

    /// <inheritdoc/>
    public int Step(ReadOnlySpan<float> bin, int skipped, bool lost, Span<float> states)
    {
        if (skipped >= _capacity) Restart();
        else for (var i = 0; i < skipped && _count > 0; i++) Add(_nothing, lost: true);
        Add(bin, lost);
        var rows = Assemble();
        var width = _weights.Config.HiddenSize;
        var first = rows - _ahead - Math.Min(_head, _count);
        for (var layer = 0; layer < _layers.Length; layer++) Layer(layer, rows, layer == _layers.Length - 1 ? first : 0);
        var norm = _weights.OutNorm;
        _kernels.LayerNorm(_x.AsSpan(first * width), rows - first, width, norm.Gain, norm.Bias, _normed);
        states.Clear();
        for (var row = 0; row < rows - first; row++) _normed.AsSpan(row * width, width).CopyTo(states[((rows - first - 1 - row) * width)..]);
        return _ahead;
    }

    private void Add(ReadOnlySpan<float> bin, bool lost)
    {
        var width = _weights.Config.HiddenSize;
        if (_count == _capacity) _first = (_first + 1) % _capacity;
        else _count++;
        var place = (_first + _count - 1) % _capacity;
        bin.CopyTo(_bins.AsSpan(place * width));
        _lost[place] = lost;
    }

    /// <summary>Puts the rows in order, with positions and the mask.</summary>
    private int Assemble()
    {
        var (config, width, bins) = (_weights.Config, _weights.Config.HiddenSize, _count + _ahead);
        MtmPrefix.Write(_weights, _session, _prompt, _x);
        var own = _x.AsSpan(config.Prefix * width, bins * width);
        var hides = false;
        for (var bin = 0; bin < bins; bin++)
        {
            var place = (_first + bin) % _capacity;
            var isAhead = bin >= _count;
            (isAhead ? _nothing : _bins.AsSpan(place * width, width)).CopyTo(own[(bin * width)..]);
            _valid[bin] = isAhead || !_lost[place];
            hides |= !_valid[bin];
        }

        if (config.Pos)
            for (var i = 0; i < own.Length; i++) own[i] += _weights.Positions[i];
        var rows = config.Prefix + bins;

        // The mask of a full window without lost bins stays as it is.
        if (rows != _maskedRows || hides || _maskHides) _mask.Fill(config.Prefix, _valid.AsSpan(0, bins), _bias);
        (_maskedRows, _maskHides) = (rows, hides);
        return rows;
    }

    /// <summary>One block: keys and values of all rows, and the rest from a row on.</summary>
    private void Layer(int layer, int rows, int first)
    {
        var (config, width) = (_weights.Config, _weights.Config.HiddenSize);
        var stride = 3 * width;
        _layers[layer].Project(_x.AsSpan(0, rows * width), rows, _normed, _queryKeyValue);
        if (_table is not null) _kernels.Rotate(_queryKeyValue, stride, 2 * config.NHeads, config.HeadDim, _table, 0, rows);
        var shape = new AttentionShape
        {
            Queries = rows - first,
            Keys = rows,
            Heads = config.NHeads,
            HeadDim = config.HeadDim,
            QueryStride = stride,
            KeyStride = stride,
            ValueStride = stride,
            OutputStride = width,
        };
        var all = _queryKeyValue.AsSpan();
        _kernels.AttendMasked(shape, all[(first * stride)..], all[width..], all[(2 * width)..], _bias.AsSpan(first * rows, (rows - first) * rows), _attended, _attentionScratch);
        _layers[layer].Finish(_x.AsSpan(first * width, (rows - first) * width), _attended, rows - first, _normed, _inner);
    }
}
