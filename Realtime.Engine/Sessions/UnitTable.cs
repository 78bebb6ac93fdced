namespace Realtime.Engine.Sessions;

/// <summary>Units in a fixed order; a unit's position is its dense row.</summary>
public sealed class UnitTable
{
    private readonly UnitId[] _units;
    private readonly Dictionary<UnitId, int> _rows;

    /// <exception cref="ArgumentException">A unit appears twice.</exception>
    public UnitTable(IEnumerable<UnitId> units)
    {
        _units = units.ToArray();
        _rows = new Dictionary<UnitId, int>(_units.Length);
        for (var row = 0; row < _units.Length; row++)
        {
            if (!_rows.TryAdd(_units[row], row))
                throw new ArgumentException($"Unit {_units[row]} appears twice in the unit table, in rows {_rows[_units[row]]} and {row}.", nameof(units));
        }
    }

    public int Count => _units.Length;

    public UnitId this[int row] => _units[row];

    public IReadOnlyList<UnitId> Units => _units;

    public bool TryGetRow(UnitId unit, out int row) => _rows.TryGetValue(unit, out row);

    /// <summary>The units of a session that names none: stream "probe", electrodes "Electrode 1".., sorted id 1.</summary>
    public static UnitTable Numbered(int count) => new(Enumerable.Range(1, count).Select(n => new UnitId("probe", $"Electrode {n}", 1)));
}
