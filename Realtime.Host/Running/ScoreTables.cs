using Table = System.Collections.Generic.IReadOnlyDictionary<string, System.Collections.Generic.IReadOnlyDictionary<string, double>>;

namespace Realtime.Host.Running;

/// <summary>Parts a table of scores into the model's own and those of the constant predictor.</summary>
public static class ScoreTables
{
    private const string ConstantPrefix = "constant_";

    /// <returns>The model's scores, and under the same metric names those of always answering the training mean.</returns>
    public static (Table Model, Table Constant) Split(Table? scores)
    {
        scores ??= new Dictionary<string, IReadOnlyDictionary<string, double>>();
        return (Select(scores, name => !IsConstant(name), name => name), Select(scores, IsConstant, name => name[ConstantPrefix.Length..]));
    }

    private static bool IsConstant(string metric) => metric.StartsWith(ConstantPrefix, StringComparison.Ordinal);

    private static SortedDictionary<string, IReadOnlyDictionary<string, double>> Select(Table scores, Func<string, bool> keep, Func<string, string> rename)
    {
        var table = new SortedDictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        foreach (var (target, metrics) in scores)
        {
            var kept = metrics.Where(metric => keep(metric.Key)).ToDictionary(metric => rename(metric.Key), metric => metric.Value);
            if (kept.Count > 0) table[target] = kept;
        }

        return table;
    }
}
