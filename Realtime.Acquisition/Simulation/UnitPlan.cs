using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>Decides which rows are tuned, silent, duplicates or multi-units.</summary>
internal static class UnitPlan
{
    /// <summary>Per row its kind, and for a duplicate the row it copies (a tuned or multi-unit). Shares are rounded to whole
    /// units.</summary>
    public static (SimulatedUnitKind Kind, int Original)[] Draw(SimulationOptions options, PortableRandom random)
    {
        var silent = (int)Math.Round(options.SilentShare * options.Units);
        var multi = Math.Min((int)Math.Round(options.MultiUnitShare * options.Units), options.Units - silent);
        var tuned = options.Units - silent - multi;
        // A duplicate needs something to copy.
        var duplicates = Math.Min((int)Math.Round(options.DuplicateShare * options.Units), Math.Max(0, Math.Min(tuned, tuned + multi - 1)));
        var plan = new (SimulatedUnitKind Kind, int Original)[options.Units];
        var rows = Shuffled(options.Units, random);
        for (var i = 0; i < rows.Length; i++)
        {
            var kind = i < silent ? SimulatedUnitKind.Silent
                : i < silent + multi ? SimulatedUnitKind.Multi
                : i < silent + multi + duplicates ? SimulatedUnitKind.Duplicate
                : SimulatedUnitKind.Tuned;
            plan[rows[i]] = (kind, -1);
        }

        var originals = Enumerable.Range(0, options.Units).Where(row =>
            plan[row].Kind is SimulatedUnitKind.Tuned or SimulatedUnitKind.Multi).ToArray();
        for (var row = 0; row < options.Units; row++)
            if (plan[row].Kind == SimulatedUnitKind.Duplicate) plan[row].Original = originals[random.Below(originals.Length)];
        return plan;
    }

    private static int[] Shuffled(int count, PortableRandom random)
    {
        var rows = Enumerable.Range(0, count).ToArray();
        for (var last = count - 1; last > 0; last--)
        {
            var other = random.Below(last + 1);
            (rows[last], rows[other]) = (rows[other], rows[last]);
        }

        return rows;
    }
}
