using System.Text;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// Counts the spikes of units that the model does not know, by unit, in a table that never grows: a sorter that gives out new numbers
/// without end cannot fill memory. The receiving thread counts; any thread takes the list.
/// </summary>
public sealed class UnknownUnits
{
    /// <summary>More units than a person will read in a report; what goes beyond is counted in <see cref="Others"/>.</summary>
    public const int Capacity = 256;

    private const int NameBytes = 2 * OpenEphysMessage.MaxNameBytes;
    private const int Slots = 2 * Capacity;

    private readonly byte[] _names = new byte[Capacity * NameBytes];
    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly int[] _slots = new int[Slots]; // entry + 1, so that 0 is free
    private int _count;
    private long _others;

    /// <summary>Spikes of units that found no room in the table.</summary>
    public long Others => Volatile.Read(ref _others);

    /// <summary>Different units in the table.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Receiving thread only. Returns true for the first spike of a unit that is entered.</summary>
    public bool CountSpike(ReadOnlySpan<byte> stream, ReadOnlySpan<byte> electrode, int sortedId) => CountSpike(stream, electrode, sortedId, out _);

    /// <summary>The same, and the unit's place in the table, -1 where it found no room.</summary>
    public bool CountSpike(ReadOnlySpan<byte> stream, ReadOnlySpan<byte> electrode, int sortedId, out int place)
    {
        var slot = (int)(NameHash.Of(stream, electrode, sortedId) & (Slots - 1));
        for (int at; (at = _slots[slot] - 1) >= 0; slot = (slot + 1) & (Slots - 1))
        {
            ref var entry = ref _entries[at];
            if (entry.SortedId != sortedId || !stream.SequenceEqual(StreamOf(at)) || !electrode.SequenceEqual(ElectrodeOf(at))) continue;
            Volatile.Write(ref entry.Spikes, entry.Spikes + 1);
            place = at;
            return false;
        }

        place = _count == Capacity ? -1 : _count;
        if (place < 0)
        {
            Volatile.Write(ref _others, _others + 1);
            return false;
        }

        stream.CopyTo(_names.AsSpan(_count * NameBytes));
        electrode.CopyTo(_names.AsSpan(_count * NameBytes + stream.Length));
        _entries[_count] = new Entry { StreamLength = stream.Length, ElectrodeLength = electrode.Length, SortedId = sortedId, Spikes = 1 };
        _slots[slot] = _count + 1;
        Volatile.Write(ref _count, _count + 1); // publishes the names to the reading threads
        return true;
    }

    /// <summary>The unit in a place that has been given out. Any thread; allocates.</summary>
    public UnitId At(int place) => new(Encoding.UTF8.GetString(StreamOf(place)), Encoding.UTF8.GetString(ElectrodeOf(place)), _entries[place].SortedId);

    /// <summary>The units seen so far, most spikes first. Any thread; allocates.</summary>
    public IReadOnlyList<UnknownUnit> List()
    {
        var units = new UnknownUnit[Count];
        for (var at = 0; at < units.Length; at++)
        {
            units[at] = new UnknownUnit(At(at), Volatile.Read(ref _entries[at].Spikes));
        }

        Array.Sort(units, (a, b) => b.Spikes.CompareTo(a.Spikes));
        return units;
    }

    private ReadOnlySpan<byte> StreamOf(int at) => _names.AsSpan(at * NameBytes, _entries[at].StreamLength);

    private ReadOnlySpan<byte> ElectrodeOf(int at) =>
        _names.AsSpan(at * NameBytes + _entries[at].StreamLength, _entries[at].ElectrodeLength);

    private struct Entry
    {
        public int StreamLength;
        public int ElectrodeLength;
        public int SortedId;
        public long Spikes;
    }
}
