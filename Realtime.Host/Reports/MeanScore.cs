namespace Realtime.Host.Reports;

/// <summary>One figure for a table of scores.</summary>
internal static class MeanScore
{
    /// <summary>R², uniform over the outputs that have one; null where there is none, or one is not defined.</summary>
    public static double? R2(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> scores)
    {
        var values = scores.Values.Where(metrics => metrics.ContainsKey("r2")).Select(metrics => metrics["r2"]).ToArray();
        return values.Length > 0 && values.All(double.IsFinite) ? values.Average() : null;
    }
}
