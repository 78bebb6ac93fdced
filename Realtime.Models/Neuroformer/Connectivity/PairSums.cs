using Realtime.Engine.Sessions;

namespace Realtime.Models.Neuroformer.Connectivity;

/// <summary>Sums over pairs of units. One thread.</summary>
internal sealed class PairSums(int units)
{
    private readonly double[] _sums = new double[units * units];

    public void Add(int target, int source, double value) => _sums[target * units + source] += value;

    public ConnectivityMatrix Matrix(IReadOnlyList<UnitId> names) => new(names, [.. _sums], IsSigned: false);

    /// <summary>These sums over others; NaN where the others are 0.</summary>
    public ConnectivityMatrix Over(PairSums others, IReadOnlyList<UnitId> names) =>
        new(names, [.. _sums.Select((sum, pair) => others._sums[pair] > 0 ? sum / others._sums[pair] : double.NaN)], IsSigned: false);

    /// <summary>The natural log of each sum over what its row's and column's totals make expect. The diagonal takes no part in totals: units avoid themselves.</summary>
    public ConnectivityMatrix LogLift(IReadOnlyList<UnitId> names)
    {
        const double least = 1e-6;
        var (rows, columns) = (new double[units], new double[units]);
        for (var target = 0; target < units; target++)
        {
            for (var source = 0; source < units; source++)
            {
                if (source == target) continue;
                rows[target] += _sums[target * units + source];
                columns[source] += _sums[target * units + source];
            }
        }

        var total = rows.Sum();
        var values = new double[_sums.Length];
        for (var pair = 0; pair < values.Length; pair++)
        {
            var expected = total > 0 ? rows[pair / units] * columns[pair % units] / total : 0;
            values[pair] = expected > 0 ? Math.Log(Math.Max(_sums[pair] / expected, least)) : double.NaN;
        }

        return new ConnectivityMatrix(names, values, IsSigned: true);
    }

    /// <summary>These sums over others, less the means of rows and of columns without the diagonal; NaN where the others are 0.</summary>
    public ConnectivityMatrix Centred(PairSums others, IReadOnlyList<UnitId> names)
    {
        var values = Over(others, names).Values;
        Centre(pair => pair / units);
        Centre(pair => pair % units);
        return new ConnectivityMatrix(names, values, IsSigned: true);

        void Centre(Func<int, int> of)
        {
            var known = Enumerable.Range(0, values.Length).Where(pair => pair / units != pair % units && !double.IsNaN(values[pair])).ToLookup(of, pair => values[pair]);
            for (var pair = 0; pair < values.Length; pair++) values[pair] -= known[of(pair)].DefaultIfEmpty(0).Average();
        }
    }
}
