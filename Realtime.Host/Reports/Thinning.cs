namespace Realtime.Host.Reports;

/// <summary>Brings series of any length down to a bounded number of points without hiding an extreme.</summary>
internal static class Thinning
{
    /// <summary>Intervals that charts of the whole run are drawn with: finer than a pixel gains nothing.</summary>
    public const int Bins = 240;

    /// <summary>Splits <paramref name="count"/> items into at most <see cref="Bins"/> runs of equal length.</summary>
    public static IEnumerable<(int Start, int End)> Runs(int count)
    {
        var bins = Math.Min(Bins, count);
        for (var bin = 0; bin < bins; bin++) yield return ((int)((long)count * bin / bins), (int)((long)count * (bin + 1) / bins));
    }

    /// <summary>Indices of at most <paramref name="most"/> items, evenly spread.</summary>
    public static IEnumerable<int> Sample(int count, int most)
    {
        var taken = Math.Min(count, most);
        for (var index = 0; index < taken; index++) yield return (int)((long)count * index / taken);
    }

    /// <summary>The finite values' smallest and largest; NaN when there are none.</summary>
    public static (double Min, double Max) Range(IEnumerable<double> values)
    {
        var (min, max) = (double.NaN, double.NaN);
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) continue;
            if (!(value >= min)) min = value;
            if (!(value <= max)) max = value;
        }

        return (min, max);
    }
}
