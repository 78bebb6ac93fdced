using System.Text;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// From a unit's names as they stand in a message (UTF-8 bytes) to its dense row, without allocating. Built once, never changed; any
/// thread. The source node is not part of the key: it changes when a lab rebuilds its signal chain.
/// </summary>
public sealed class UnitMap
{
    private const int Free = -1;

    private readonly byte[] _names;
    private readonly Entry[] _entries;
    private readonly int[] _slots;
    private readonly bool _matchStream;

    /// <param name="table">The model's units.</param>
    /// <param name="options">Aliases and bindings from the rig's config.</param>
    /// <exception cref="ArgumentException">A binding or an alias names something that the table does not have; two bindings name one
    /// received unit; streams are not to be matched, but the table has several.</exception>
    public UnitMap(UnitTable table, UnitMapOptions? options = null)
    {
        options ??= new UnitMapOptions();
        _matchStream = options.MatchStream;
        Units = table;
        Streams = table.Units.Select(unit => unit.Stream).Distinct().ToArray();
        var rows = UnitMapRows.Of(table, Streams, options);
        var names = new MemoryStream();
        _entries = new Entry[rows.Count];
        _slots = new int[SlotsFor(rows.Count)];
        Array.Fill(_slots, Free);
        var count = 0;
        foreach (var (unit, row) in rows)
        {
            var stream = Encoding.UTF8.GetBytes(_matchStream ? unit.Stream : "");
            var electrode = Encoding.UTF8.GetBytes(unit.Electrode);
            _entries[count] = new Entry((int)names.Length, stream.Length, electrode.Length, unit.SortedId, row);
            names.Write(stream);
            names.Write(electrode);
            var slot = (int)(NameHash.Of(stream, electrode, unit.SortedId) & (uint)(_slots.Length - 1));
            while (_slots[slot] != Free) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = count++;
        }

        _names = names.ToArray();
    }

    public UnitTable Units { get; }

    /// <summary>Names of the streams in the model's table, in order of appearance.</summary>
    public IReadOnlyList<string> Streams { get; }

    /// <summary>The row of a unit, by its names as received. False when the unit is unknown.</summary>
    public bool TryGetRow(ReadOnlySpan<byte> stream, ReadOnlySpan<byte> electrode, int sortedId, out int row)
    {
        if (!_matchStream) stream = default;
        var slot = (int)(NameHash.Of(stream, electrode, sortedId) & (uint)(_slots.Length - 1));
        for (int at; (at = _slots[slot]) != Free; slot = (slot + 1) & (_slots.Length - 1))
        {
            ref readonly var entry = ref _entries[at];
            if (entry.SortedId == sortedId
                && stream.SequenceEqual(_names.AsSpan(entry.Start, entry.StreamLength))
                && electrode.SequenceEqual(_names.AsSpan(entry.Start + entry.StreamLength, entry.ElectrodeLength)))
            {
                row = entry.Row;
                return true;
            }
        }

        row = -1;
        return false;
    }

    // At most half full, so that a miss meets a free slot soon.
    private static int SlotsFor(int entries) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, 2 * entries + 1));

    private readonly record struct Entry(int Start, int StreamLength, int ElectrodeLength, int SortedId, int Row);
}
