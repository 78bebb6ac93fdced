namespace Realtime.Host.Running.Recording;

/// <summary>
/// Puts behaviour values, which come channel by channel, together into rows of one sample each. A row is given out once every channel has come
/// that far, or when too many wait. Allocates nothing after construction. One thread.
/// </summary>
internal sealed class BehaviourRows
{
    private readonly int _width;
    private readonly int _capacity;
    private readonly long[] _samples;
    private readonly float[] _values;
    private readonly long[] _newest;
    private int _head;
    private int _tail;
    private long _given = long.MinValue;

    /// <param name="width">Channels.</param>
    /// <param name="capacity">Rows that may wait.</param>
    public BehaviourRows(int width, int capacity)
    {
        (_width, _capacity) = (width, capacity);
        _samples = new long[2 * capacity];
        _values = new float[2 * capacity * width];
        _newest = new long[width];
        Array.Fill(_newest, long.MinValue);
    }

    /// <summary>Adds a value.</summary>
    /// <returns>False when it comes after its row has been given out, is of no known channel, or finds no room: it is lost.</returns>
    public bool Add(long sample, int channel, float value)
    {
        if ((uint)channel >= (uint)_width || sample <= _given) return false;
        _newest[channel] = Math.Max(_newest[channel], sample);
        var at = Find(sample);
        if (at == _tail || _samples[at] != sample)
        {
            if (_tail - _head == _samples.Length) return false;
            at = Insert(at, sample);
        }

        _values[at * _width + channel] = float.IsFinite(value) ? value : float.NaN;
        return true;
    }

    /// <summary>The next row that is complete, or that must be given out; valid until the next call.</summary>
    /// <param name="beforeSample">Rows from here on stay.</param>
    /// <param name="all">Whether incomplete rows are given out too.</param>
    /// <param name="sample">Its sample.</param>
    /// <param name="row">Its values, NaN where none came.</param>
    public bool TryTake(long beforeSample, bool all, out long sample, out ReadOnlySpan<float> row)
    {
        sample = 0;
        row = default;
        if (_head == _tail) return false;
        sample = _samples[_head];
        if (sample >= beforeSample || !all && _tail - _head < _capacity && sample > Complete()) return false;
        row = _values.AsSpan(_head * _width, _width);
        _given = sample;
        _head++;
        return true;
    }

    private long Complete()
    {
        var lowest = long.MaxValue;
        foreach (var newest in _newest) lowest = Math.Min(lowest, newest);
        return lowest;
    }

    private int Find(long sample)
    {
        if (_head == _tail || _samples[_tail - 1] < sample) return _tail;
        var found = Array.BinarySearch(_samples, _head, _tail - _head, sample);
        return found < 0 ? ~found : found;
    }

    private int Insert(int at, long sample)
    {
        if (_tail == _samples.Length)
        {
            Array.Copy(_samples, _head, _samples, 0, _tail - _head);
            Array.Copy(_values, _head * _width, _values, 0, (_tail - _head) * _width);
            (at, _tail, _head) = (at - _head, _tail - _head, 0);
        }

        if (at < _tail)
        {
            Array.Copy(_samples, at, _samples, at + 1, _tail - at);
            Array.Copy(_values, at * _width, _values, (at + 1) * _width, (_tail - at) * _width);
        }

        _tail++;
        _samples[at] = sample;
        _values.AsSpan(at * _width, _width).Fill(float.NaN);
        return at;
    }
}
