namespace Realtime.Models.Neuroformer.Connectivity;

/// <summary>A connectivity matrix against couplings that are known. Areas under the ROC curve: 0.5 is chance, 1 perfect; NaN where there is nothing to tell apart.</summary>
public sealed record ConnectivityScores
{
    /// <summary>Pairs coupled that way, of either sign, against those that are not; by strength.</summary>
    public required double Existence { get; init; }

    /// <summary>Excited pairs against those without that coupling; by value.</summary>
    public required double Excitation { get; init; }

    /// <summary>Inhibited pairs against those without that coupling; by value, low ones first.</summary>
    public required double Inhibition { get; init; }

    /// <summary>Of the pairs that are coupled one way only: the right way against the other way; by strength.</summary>
    public required double Direction { get; init; }

    /// <summary>Of these pairs, the share in which the right way is the stronger of the two.</summary>
    public required double RightWay { get; init; }

    /// <param name="matrix">Rows and columns are those of the couplings.</param>
    /// <param name="weights">[targets, sources]: above 0 excites, below 0 inhibits, 0 is no coupling.</param>
    public static ConnectivityScores Of(ConnectivityMatrix matrix, IReadOnlyList<double> weights)
    {
        var units = matrix.Units.Count;
        if (weights.Count != units * units) throw new ArgumentException($"{weights.Count} weights for {units} units; {units * units} are due.", nameof(weights));
        var pairs = (from target in Enumerable.Range(0, units) from source in Enumerable.Range(0, units) where source != target select (target, source)).ToArray();
        double Weight((int Target, int Source) pair) => weights[pair.Target * units + pair.Source];
        double Strength((int Target, int Source) pair) => matrix.Strength(pair.Target, pair.Source);
        double Value((int Target, int Source) pair) => double.IsNaN(matrix[pair.Target, pair.Source]) ? double.NegativeInfinity : matrix[pair.Target, pair.Source];
        var oneWay = pairs.Where(pair => Weight(pair) != 0 && Weight((pair.source, pair.target)) == 0).ToArray();
        return new ConnectivityScores
        {
            Existence = Area(pairs.Where(pair => Weight(pair) != 0).Select(pair => Strength(pair)), pairs.Where(pair => Weight(pair) == 0).Select(pair => Strength(pair))),
            Excitation = Area(pairs.Where(pair => Weight(pair) > 0).Select(pair => Value(pair)), pairs.Where(pair => Weight(pair) <= 0).Select(pair => Value(pair))),
            Inhibition = Area(pairs.Where(pair => Weight(pair) < 0).Select(pair => -Value(pair)), pairs.Where(pair => Weight(pair) >= 0).Select(pair => -Value(pair))),
            Direction = Area(oneWay.Select(pair => Strength(pair)), oneWay.Select(pair => Strength((pair.source, pair.target)))),
            RightWay = oneWay.Length == 0 ? double.NaN
                : oneWay.Average(pair => (1.0 + Strength(pair).CompareTo(Strength((pair.source, pair.target)))) / 2),
        };
    }

    /// <summary>Area under the ROC curve: the chance that one of the first is larger than one of the second; ties count half.</summary>
    public static double Area(IEnumerable<double> positives, IEnumerable<double> negatives)
    {
        double[] negative = [.. negatives.Order()];
        double[] positive = [.. positives];
        if (positive.Length == 0 || negative.Length == 0) return double.NaN;
        return positive.Average(value => (First(negative, value, isAbove: false) + First(negative, value, isAbove: true)) / 2.0 / negative.Length);
    }

    /// <summary>Numbers below a value; with those equal to it if <paramref name="isAbove"/>.</summary>
    private static int First(double[] sorted, double value, bool isAbove)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (sorted[middle] < value || (isAbove && sorted[middle] == value)) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
