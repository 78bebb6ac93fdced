using Realtime.Engine.Sessions;

namespace Realtime.Host.Running.Recording;

/// <summary>Rows of a recorded session's units: first the model's, then units that it does not know, in the order of appearance. One thread; allocates
/// only when a unit appears for the first time.</summary>
internal sealed class RecordedUnits
{
    private readonly int _known;
    private readonly Func<int, int, UnitId> _unknown;
    private readonly List<UnitId> _units;
    private readonly Dictionary<UnitId, int> _rows = [];
    private readonly Dictionary<(int Stream, int Unit), int> _places = [];

    /// <param name="known">The model's units.</param>
    /// <param name="unknown">The unknown unit of a stream's index and of a place, counted from the first after the model's.</param>
    public RecordedUnits(IReadOnlyList<UnitId> known, Func<int, int, UnitId> unknown)
    {
        (_known, _unknown, _units) = (known.Count, unknown, [.. known]);
        for (var row = 0; row < known.Count; row++) _rows[known[row]] = row;
    }

    public IReadOnlyList<UnitId> All => _units;

    /// <summary>The session's row of a unit as the decode loop knows it.</summary>
    public int RowOf(int unit, int stream)
    {
        if (unit < _known) return unit;
        if (_places.TryGetValue((stream, unit), out var row)) return row;
        var id = _unknown(stream, unit - _known);

        // Two sources may send a unit of the same name.
        if (!_rows.TryGetValue(id, out row))
        {
            row = _units.Count;
            _units.Add(id);
            _rows[id] = row;
        }

        return _places[(stream, unit)] = row;
    }
}
