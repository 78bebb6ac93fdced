namespace Realtime.Models.Training.Evaluation;

/// <summary>One line of a <see cref="MetricTable"/>.</summary>
/// <param name="Name">Such as "mtm" or "mean rate", with the session where there are several.</param>
/// <param name="Values">By column key; a missing or non-finite one is not defined.</param>
public sealed record MetricRow(string Name, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>Null where it is not defined.</summary>
    public double? Value(string key) => Values.TryGetValue(key, out var value) && double.IsFinite(value) ? value : null;
}
