namespace Realtime.Host.Running;

/// <summary>
/// Rows of a few numbers over a run of any length, in fixed memory: when full, every other row is dropped and from then on only every second,
/// fourth, ... row is kept. One thread.
/// </summary>
/// <param name="columns">Numbers per row.</param>
/// <param name="capacity">Most rows held, even.</param>
public sealed class DecimatingSeries(int columns, int capacity)
{
    private readonly double[] _cells = new double[columns * capacity];
    private long _offered;
    private long _stride = 1;

    public int Count { get; private set; }

    public void Add(ReadOnlySpan<double> row)
    {
        if (_offered++ % _stride != 0) return;
        if (Count == capacity)
        {
            for (var i = 1; 2 * i < Count; i++) _cells.AsSpan(2 * i * columns, columns).CopyTo(_cells.AsSpan(i * columns));
            Count /= 2;
            _stride *= 2;
            if ((_offered - 1) % _stride != 0) return;
        }

        row.CopyTo(_cells.AsSpan(Count++ * columns));
    }

    public double[] Column(int column)
    {
        var values = new double[Count];
        for (var i = 0; i < Count; i++) values[i] = _cells[i * columns + column];
        return values;
    }
}
