using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>Works out under which received names each row is known.</summary>
internal static class UnitMapRows
{
    public static Dictionary<UnitId, int> Of(UnitTable table, IReadOnlyList<string> streams, UnitMapOptions options)
    {
        if (!options.MatchStream && streams.Count > 1)
        {
            var names = string.Join(", ", streams);
            throw new ArgumentException($"The model's units lie on {streams.Count} streams ({names}), so stream names cannot be "
                + "ignored: leave stream matching on, and give an alias for each stream whose name differs on the rig.");
        }

        foreach (var alias in options.Aliases)
        {
            if (!streams.Contains(alias.Model))
            {
                throw new ArgumentException(
                    $"Stream alias '{alias.Rig}' -> '{alias.Model}': the model's units lie on no stream '{alias.Model}'; "
                    + $"its streams are {string.Join(", ", streams)}.");
            }
        }

        var rows = new Dictionary<UnitId, int>();
        Bind(table, options, rows);
        for (var row = 0; row < table.Count; row++)
        {
            var unit = table[row];
            foreach (var stream in RigNames(unit.Stream, options)) rows.TryAdd(Key(unit with { Stream = stream }, options), row);
        }

        return rows;
    }

    private static void Bind(UnitTable table, UnitMapOptions options, Dictionary<UnitId, int> rows)
    {
        foreach (var binding in options.Bindings)
        {
            if (!table.TryGetRow(binding.Model, out var row))
            {
                throw new ArgumentException($"Unit binding {binding.Received} -> {binding.Model}: the model has no unit {binding.Model}"
                    + Nearest(table, binding.Model) + ".");
            }

            if (!rows.TryAdd(Key(binding.Received, options), row))
            {
                throw new ArgumentException(
                    $"Unit binding {binding.Received} -> {binding.Model}: {binding.Received} is bound twice; keep one.");
            }
        }
    }

    private static UnitId Key(UnitId unit, UnitMapOptions options) => options.MatchStream ? unit : unit with { Stream = "" };

    private static IEnumerable<string> RigNames(string stream, UnitMapOptions options)
    {
        var aliases = options.Aliases.Where(alias => alias.Model == stream).Select(alias => alias.Rig).Distinct().ToArray();
        return aliases.Length > 0 ? aliases : [stream];
    }

    private static string Nearest(UnitTable table, UnitId wanted)
    {
        UnitId? best = null;
        var bestScore = 0;
        foreach (var unit in table.Units)
        {
            var score = (string.Equals(unit.Electrode, wanted.Electrode, StringComparison.OrdinalIgnoreCase) ? 4 : 0)
                + (string.Equals(unit.Stream, wanted.Stream, StringComparison.OrdinalIgnoreCase) ? 2 : 0)
                + (unit.SortedId == wanted.SortedId ? 1 : 0);
            if (score <= bestScore) continue;
            best = unit;
            bestScore = score;
        }

        return best is null ? "" : $"; the nearest is {best}";
    }
}
