using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Poyo;

/// <summary>
/// The spike tokens of the sliding window with their rotated keys and values, computed once when a spike first appears. Rotations are by absolute
/// time, so that they hold for every window. Channels that are not rotated give a score that depends on latent and unit only; it comes from a
/// table. Tokens keep the window's order; a spike that arrives late has the tokens behind it computed anew.
/// </summary>
internal sealed unsafe class TokenRing
{
    // The first size holds a second of 96 units at 30 spikes/s; a fuller window doubles it once, within the memory reserved at the start.
    private const int FirstSize = 4096;

    // Tokens computed at once: one panel of keys, written four columns at a time.
    private const int Batch = 32;

    private readonly KernelSet _kernels;
    private readonly RotaryTime _rotary;
    private readonly RotaryScratch _scratch;
    private readonly RotaryTable _angles;
    private readonly float[] _table;
    private readonly int _units;
    private readonly int _heads;
    private readonly int _headDim;
    private readonly int _inner;
    private readonly int _capacity;
    private readonly long[] _times;
    private readonly int[] _rows;
    private readonly int _latents;
    private readonly float[] _scores;
    private readonly AlignedFloats _keys;
    private readonly AlignedFloats _bases;
    private readonly AlignedFloats _values;
    private readonly AlignedFloats _staging;
    private int _size;
    private long _head;
    private long _tail;

    /// <param name="table">Keys and values before rotation, [units, 2 × inner].</param>
    /// <param name="queries">The latents' scaled queries before rotation, [latents, inner].</param>
    /// <param name="heads">Heads.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="rotary">Angles.</param>
    /// <param name="maxSpikes">Most tokens held.</param>
    /// <param name="kernels">Arithmetic.</param>
    public TokenRing(float[] table, float[] queries, int heads, int headDim, RotaryTime rotary, int maxSpikes, KernelSet kernels)
    {
        (_kernels, _rotary, _table, _heads, _headDim, _inner) = (kernels, rotary, table, heads, headDim, heads * headDim);
        _units = table.Length / (2 * _inner);
        _capacity = FirstSize;
        while (_capacity < maxSpikes + kernels.PanelWidth) _capacity *= 2;
        _size = FirstSize;
        _times = new long[_capacity];
        _rows = new int[_capacity];
        ScoreDim = 2 * rotary.Pairs;
        _latents = queries.Length / _inner;
        _scores = UnrotatedScores(table, queries);
        _keys = new AlignedFloats(checked(_capacity * heads * ScoreDim));
        _bases = new AlignedFloats(checked(_capacity * heads * _latents));
        _values = new AlignedFloats(checked(_capacity * _inner));
        _scratch = new RotaryScratch(rotary.Pairs);
        _angles = new RotaryTable(Batch, rotary.Pairs);
        _staging = new AlignedFloats(Batch * 2 * _inner);
    }

    public int Count => (int)(_tail - _head);

    /// <summary>Rotated channels of a head.</summary>
    public int ScoreDim { get; }

    /// <summary>Panels [ScoreDim, panel width] of one head's keys; slot s lies in panel s / panel width.</summary>
    public float* Keys(int head) => _keys.Pointer + (nint)head * ScoreDim * _capacity;

    /// <summary>Panels [latents, panel width] of the scores of the channels that are not rotated.</summary>
    public float* Bases(int head) => _bases.Pointer + (nint)head * _latents * _capacity;

    /// <summary>[slots, inner].</summary>
    public float* Values(int head) => _values.Pointer + head * _headDim;

    public nint ValueStride => _inner;

    /// <summary>Where a token lies.</summary>
    public int Slot(int token) => (int)((_head + token) & (_size - 1));

    /// <summary>Slots in the ring's present turn.</summary>
    public int Size => _size;

    public long TimeNs(int token) => _times[Slot(token)];

    public int Unit(int token) => _rows[Slot(token)];

    public void Clear() => _head = _tail = 0;

    /// <summary>Makes the tokens those of a window.</summary>
    /// <param name="timesNs">Ascending; at most as many as the ring was made for.</param>
    /// <param name="units">Unit rows, each inside the table.</param>
    public void Update(ReadOnlySpan<long> timesNs, ReadOnlySpan<int> units)
    {
        while (_head < _tail && (timesNs.IsEmpty || Before(_head, timesNs[0], units[0]))) _head++;
        var same = 0;
        while (_head + same < _tail && same < timesNs.Length && Equal(_head + same, timesNs[same], units[same])) same++;
        _tail = _head + same;
        if (timesNs.Length > _size - _kernels.PanelWidth)
        {
            while (timesNs.Length > _size - _kernels.PanelWidth) _size *= 2;
            (_head, _tail, same) = (0, 0, 0);
        }

        for (var first = same; first < timesNs.Length; first += Batch)
        {
            var count = Math.Min(Batch, timesNs.Length - first);
            Append(timesNs.Slice(first, count), units.Slice(first, count));
        }
    }

    private bool Before(long token, long timeNs, int unit)
    {
        var slot = (int)(token & (_size - 1));
        return _times[slot] < timeNs || (_times[slot] == timeNs && _rows[slot] < unit);
    }

    private bool Equal(long token, long timeNs, int unit)
    {
        var slot = (int)(token & (_size - 1));
        return _times[slot] == timeNs && _rows[slot] == unit;
    }

    private void Append(ReadOnlySpan<long> timesNs, ReadOnlySpan<int> units)
    {
        var width = 2 * _inner;
        var staging = _staging.Span;
        for (var i = 0; i < timesNs.Length; i++)
        {
            _table.AsSpan(units[i] * width, width).CopyTo(staging[(i * width)..]);
            _rotary.SetRow(_angles, i, timesNs[i], _scratch, _kernels);
        }

        _kernels.Rotate(staging, width, 2 * _heads, _headDim, _angles, 0, timesNs.Length);
        for (var i = 0; i < timesNs.Length; i++, _tail++)
        {
            var slot = (int)(_tail & (_size - 1));
            _times[slot] = timesNs[i];
            _rows[slot] = units[i];
            staging.Slice(i * width + _inner, _inner).CopyTo(_values.Span[(slot * _inner)..]);
            PutKeys(_staging.Pointer + i * width, units[i], slot);
        }
    }

    private void PutKeys(float* keys, int unit, int slot)
    {
        var panelWidth = _kernels.PanelWidth;
        var (panel, place) = (slot / panelWidth * panelWidth, slot % panelWidth);
        for (var head = 0; head < _heads; head++)
        {
            var column = Keys(head) + (nint)panel * ScoreDim + place;
            for (var i = 0; i < ScoreDim; i++) column[i * panelWidth] = keys[head * _headDim + i];
            column = Bases(head) + (nint)panel * _latents + place;
            var scores = _scores.AsSpan((unit * _heads + head) * _latents, _latents);
            for (var i = 0; i < scores.Length; i++) column[i * panelWidth] = scores[i];
        }
    }

    /// <summary>q · k over the channels that are not rotated, [units, heads, latents].</summary>
    private float[] UnrotatedScores(float[] table, float[] queries)
    {
        var scores = new float[_units * _heads * _latents];
        for (var unit = 0; unit < _units; unit++)
        {
            for (var head = 0; head < _heads; head++)
            {
                for (var latent = 0; latent < _latents; latent++)
                {
                    double sum = 0;
                    for (var i = head * _headDim + ScoreDim; i < (head + 1) * _headDim; i++) sum += (double)queries[latent * _inner + i] * table[unit * 2 * _inner + i];
                    scores[(unit * _heads + head) * _latents + latent] = (float)sum;
                }
            }
        }

        return scores;
    }
}
