namespace Realtime.Engine.Ticks;

/// <summary>Moments at which trials began and which no decoder has been told of yet, in order of time. Decode thread only; no allocation.</summary>
internal sealed class TrialMarks
{
    // Far more than begin while one tick waits; more is noise on the line, of which the oldest are forgotten.
    private const int Capacity = 64;

    private readonly long[] _times = new long[Capacity];
    private int _count;

    public void Add(long dataNs)
    {
        if (_count == Capacity) Remove();
        var at = _count++;
        for (; at > 0 && _times[at - 1] > dataNs; at--) _times[at] = _times[at - 1];
        _times[at] = dataNs;
    }

    /// <summary>The earliest mark before a moment, which is then forgotten.</summary>
    public bool TryTakeBefore(long endNs, out long dataNs)
    {
        dataNs = _times[0];
        if (_count == 0 || dataNs >= endNs) return false;
        Remove();
        return true;
    }

    public void Clear() => _count = 0;

    private void Remove() => Array.Copy(_times, 1, _times, 0, --_count);
}
