namespace Realtime.Host.Running.Recording;

/// <summary>
/// Spikes on their way to the disk, put in the order (time, unit) that a session is kept in: a spike detector and several streams hand them
/// over a little out of order. Grows when it must, else allocates nothing. One thread.
/// </summary>
internal sealed class SpikeOrder(int capacity)
{
    private (long DataNs, int Unit)[] _spikes = new (long, int)[capacity];
    private int _head;
    private int _tail;

    public int Count => _tail - _head;

    public void Add(long dataNs, int unit)
    {
        if (_tail == _spikes.Length) MakeRoom();
        var at = _tail++;
        var spike = (dataNs, unit);
        for (; at > _head && _spikes[at - 1].CompareTo(spike) > 0; at--) _spikes[at] = _spikes[at - 1];
        _spikes[at] = spike;
    }

    /// <summary>Takes the earliest spike if it lies before <paramref name="beforeNs"/>.</summary>
    public bool TryTake(long beforeNs, out long dataNs, out int unit)
    {
        (dataNs, unit) = Count > 0 ? _spikes[_head] : (long.MaxValue, 0);
        if (dataNs >= beforeNs) return false;
        _head++;
        return true;
    }

    public void Clear() => _head = _tail = 0;

    private void MakeRoom()
    {
        var count = Count;
        var target = count > _spikes.Length / 2 ? new (long, int)[2 * _spikes.Length] : _spikes;
        Array.Copy(_spikes, _head, target, 0, count);
        (_spikes, _head, _tail) = (target, 0, count);
    }
}
