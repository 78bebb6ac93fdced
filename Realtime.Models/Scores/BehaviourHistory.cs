using Realtime.Engine.Time;

namespace Realtime.Models.Scores;

/// <summary>The latest samples of one behaviour channel, ordered by sample number, in a ring of fixed size.</summary>
internal sealed class BehaviourHistory(int capacity, TargetTransform transform)
{
    private readonly long[] _samples = new long[capacity];
    private readonly double[] _values = new double[capacity];
    private int _start;
    private int _count;

    /// <summary>Newest sample number seen, or long.MinValue.</summary>
    public long Newest { get; private set; } = long.MinValue;

    public void Clear()
    {
        (_start, _count) = (0, 0);
        Newest = long.MinValue;
    }

    /// <summary>Adds a sample in its place; the oldest makes room.</summary>
    /// <returns>False when a sample was given up for it.</returns>
    public bool Add(long sample, float value)
    {
        Newest = Math.Max(Newest, sample);
        var full = _count == _samples.Length;
        if (full)
        {
            if (sample < _samples[_start]) return false;
            _start = (_start + 1) % _samples.Length;
            _count--;
        }

        // Samples come in order but for rare exceptions, which move the later ones up by one.
        var place = _count;
        for (; place > 0 && _samples[At(place - 1)] > sample; place--)
        {
            _samples[At(place)] = _samples[At(place - 1)];
            _values[At(place)] = _values[At(place - 1)];
        }

        _samples[At(place)] = sample;
        _values[At(place)] = transform.Apply(value);
        _count++;
        return !full;
    }

    /// <summary>Mean of the known values with data time in [startNs, endNs), summed from the oldest; NaN when there is none.</summary>
    public double Mean(in SampleTimeline time, long startNs, long endNs)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (time.DataNs(_samples[At(middle)]) < startNs) low = middle + 1;
            else high = middle;
        }

        double sum = 0;
        var known = 0;
        for (var i = low; i < _count && time.DataNs(_samples[At(i)]) < endNs; i++)
        {
            var value = _values[At(i)];
            if (double.IsNaN(value)) continue;
            sum += value;
            known++;
        }

        return known == 0 ? double.NaN : sum / known;
    }

    private int At(int index) => (_start + index) % _samples.Length;
}
