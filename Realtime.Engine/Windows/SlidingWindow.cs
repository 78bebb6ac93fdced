using Realtime.Engine.Decoding;
using Realtime.Engine.Ledger;

namespace Realtime.Engine.Windows;

/// <summary>
/// The spikes of the last window of data time, ordered by (time, unit) whatever order they arrived in, so that equal input gives
/// equal decoder input to the bit. Keeps each spike's place in the books: it is decoded once, or dropped for one reason.
/// Decode thread only; no allocation after construction; an insertion costs at most one pass over the window.
/// </summary>
public sealed class SlidingWindow
{
    private const byte DecodedMark = 0x80;

    private readonly int _capacity;
    private readonly StreamLedger[] _ledgers;

    // Twice the capacity, so that the content stays contiguous and is moved to the front only once per capacity insertions.
    private readonly long[] _times;
    private readonly int[] _units;
    private readonly byte[] _marks;
    private int _head;
    private int _tail;
    private int _firstUndecoded;

    /// <param name="capacity">Most spikes held; the oldest make room beyond it.</param>
    /// <param name="ledgers">The books of the streams, by stream index (at most 128).</param>
    public SlidingWindow(int capacity, StreamLedger[] ledgers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ledgers.Length, 128);
        _capacity = capacity;
        _ledgers = ledgers;
        _times = GC.AllocateArray<long>(2 * capacity, pinned: true);
        _units = GC.AllocateArray<int>(2 * capacity, pinned: true);
        _marks = GC.AllocateArray<byte>(2 * capacity, pinned: true);
    }

    public int Count => _tail - _head;

    /// <summary>Adds a spike in its place.</summary>
    /// <returns>False when the oldest spike had to make room.</returns>
    public bool Insert(long timeNs, int unit, int stream)
    {
        var hadRoom = Count < _capacity;
        if (!hadRoom) DropOldest(DropReason.WindowFull);
        if (_tail == _times.Length) MoveToFront();

        var at = _tail;
        while (at > _head && (_times[at - 1] > timeNs || (_times[at - 1] == timeNs && _units[at - 1] > unit))) at--;
        var moved = _tail - at;
        if (moved > 0)
        {
            Array.Copy(_times, at, _times, at + 1, moved);
            Array.Copy(_units, at, _units, at + 1, moved);
            Array.Copy(_marks, at, _marks, at + 1, moved);
        }

        _times[at] = timeNs;
        _units[at] = unit;
        _marks[at] = (byte)stream;
        _tail++;
        _firstUndecoded = Math.Min(_firstUndecoded, at);
        return hadRoom;
    }

    /// <summary>Forgets all spikes before <paramref name="startNs"/>; those that no decoder call has seen are dropped for the reason given.</summary>
    public void TrimBefore(long startNs, DropReason undecoded)
    {
        while (_head < _tail && _times[_head] < startNs) DropOldest(undecoded);
    }

    /// <summary>The spikes in [startNs, endNs). Valid until the window changes.</summary>
    /// <param name="startNs">Inclusive.</param>
    /// <param name="endNs">Exclusive.</param>
    /// <param name="hasLoss">Whether spikes may be missing in it.</param>
    public SpikeWindow View(long startNs, long endNs, bool hasLoss = false)
    {
        var (first, end) = Range(startNs, endNs);
        return new SpikeWindow(startNs, endNs, _times.AsSpan(first, end - first), _units.AsSpan(first, end - first), hasLoss);
    }

    /// <summary>Books every spike in [startNs, endNs) as decoded that was not booked before.</summary>
    public void MarkDecoded(long startNs, long endNs)
    {
        var (first, end) = Range(startNs, endNs);
        for (var i = Math.Max(first, _firstUndecoded); i < end; i++)
        {
            if ((_marks[i] & DecodedMark) != 0) continue;
            _ledgers[_marks[i]].CountDecoded(1);
            _marks[i] |= DecodedMark;
        }

        if (_firstUndecoded >= first) _firstUndecoded = Math.Max(_firstUndecoded, end);
    }

    /// <summary>Empties the window; spikes that no decoder call has seen are dropped for the reason given.</summary>
    public void Clear(DropReason undecoded)
    {
        while (_head < _tail) DropOldest(undecoded);
    }

    private (int First, int End) Range(long startNs, long endNs)
    {
        var end = _tail;
        while (end > _head && _times[end - 1] >= endNs) end--;
        var first = _head;
        while (first < end && _times[first] < startNs) first++;
        return (first, end);
    }

    private void DropOldest(DropReason undecoded)
    {
        var mark = _marks[_head];
        if ((mark & DecodedMark) == 0) _ledgers[mark].DropOnDecode(undecoded);
        _head++;
        _firstUndecoded = Math.Max(_firstUndecoded, _head);
    }

    private void MoveToFront()
    {
        var count = Count;
        Array.Copy(_times, _head, _times, 0, count);
        Array.Copy(_units, _head, _units, 0, count);
        Array.Copy(_marks, _head, _marks, 0, count);
        _firstUndecoded -= _head;
        _head = 0;
        _tail = count;
    }
}
