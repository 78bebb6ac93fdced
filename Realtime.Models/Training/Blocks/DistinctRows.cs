namespace Realtime.Models.Training.Blocks;

/// <summary>Numbers the distinct rows of a table that are asked for, in the order of their first mention. One thread.</summary>
/// <param name="tableRows">Rows of the table.</param>
/// <param name="table">What the rows are, for messages.</param>
internal sealed class DistinctRows(int tableRows, string table)
{
    private readonly int[] _places = new int[tableRows];
    private readonly List<int> _rows = [];

    /// <summary>The distinct rows.</summary>
    public int[] Rows => [.. _rows];

    /// <summary>Place of a row among the distinct ones.</summary>
    /// <exception cref="ArgumentException">The table has no such row.</exception>
    public int Place(int row)
    {
        if ((uint)row >= (uint)tableRows) throw new ArgumentException($"Row {row} is outside the table of {table}, which has {tableRows} rows.");
        if (_places[row] == 0)
        {
            _rows.Add(row);
            _places[row] = _rows.Count;
        }

        return _places[row] - 1;
    }
}
