using System.Globalization;
using System.Text;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Neuroformer.Connectivity;

/// <summary>A number for each directed pair of units. Immutable; any thread.</summary>
/// <param name="Units">Of rows and columns alike.</param>
/// <param name="Values">[targets, sources]: row = the unit acted on, column = the unit that acts. NaN where nothing was seen.</param>
/// <param name="IsSigned">Whether 0 is neutral and both signs speak for a coupling; else larger values do.</param>
public sealed record ConnectivityMatrix(IReadOnlyList<UnitId> Units, double[] Values, bool IsSigned)
{
    public double this[int target, int source] => Values[target * Units.Count + source];

    /// <summary>How much a pair speaks for a coupling of either sign; the least of all where nothing was seen.</summary>
    public double Strength(int target, int source)
    {
        var value = this[target, source];
        return double.IsNaN(value) ? double.NegativeInfinity : IsSigned ? Math.Abs(value) : value;
    }

    /// <summary>First line: "target" and the sources' names; then a line per target. Empty cells where nothing was seen.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("target");
        foreach (var unit in Units) text.Append(',').Append(Quoted(unit));
        text.Append('\n');
        for (var target = 0; target < Units.Count; target++)
        {
            text.Append(Quoted(Units[target]));
            for (var source = 0; source < Units.Count; source++)
            {
                text.Append(',');
                if (double.IsFinite(this[target, source])) text.Append(this[target, source].ToString("R", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Quoted(UnitId unit) => $"\"{unit.ToString().Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
