using Realtime.Models.Scores;

namespace Realtime.Models.Training.Evaluation;

/// <summary>What one predictor scored in one session.</summary>
public sealed record ScoreRow
{
    private const string ConstantPrefix = "constant_";

    /// <summary>Name of the session.</summary>
    public required string Session { get; init; }

    /// <summary>Such as "possm", "wiener" or "constant".</summary>
    public required string Predictor { get; init; }

    public required ScoreTiming Timing { get; init; }

    /// <summary>Pairs scored.</summary>
    public required int Pairs { get; init; }

    /// <summary>Scores by <see cref="ScoreColumn.Key"/>; NaN where not defined.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>A predictor's own scores.</summary>
    public static ScoreRow Of(string session, string predictor, ScoreTiming timing, ScoreAccumulator scores)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (target, metrics) in scores.Scores())
            foreach (var (metric, value) in metrics)
                if (!metric.StartsWith(ConstantPrefix, StringComparison.Ordinal)) values[$"{target}/{metric}"] = value;
        return new ScoreRow { Session = session, Predictor = predictor, Timing = timing, Pairs = scores.Pairs, Values = values };
    }

    /// <summary>The constant predictor's scores on the pairs of another one; it needs no spikes, so the timing is that of the pairs.</summary>
    /// <param name="session">Name of the session.</param>
    /// <param name="timing">Timing of <paramref name="scores"/>.</param>
    /// <param name="scores">Made with constants.</param>
    public static ScoreRow OfConstant(string session, ScoreTiming timing, ScoreAccumulator scores)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        var r2 = new List<double>();
        foreach (var (target, metrics) in scores.Scores())
        {
            foreach (var (metric, value) in metrics)
            {
                if (!metric.StartsWith(ConstantPrefix, StringComparison.Ordinal)) continue;
                values[$"{target}/{metric[ConstantPrefix.Length..]}"] = value;
                if (metric == ConstantPrefix + "r2" && !double.IsNaN(value)) r2.Add(value);
            }
        }

        values["all/mean_r2"] = r2.Count == 0 ? double.NaN : r2.Average();
        return new ScoreRow { Session = session, Predictor = "constant", Timing = timing, Pairs = scores.Pairs, Values = values };
    }
}
