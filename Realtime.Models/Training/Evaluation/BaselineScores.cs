using Realtime.Engine.Sessions;

namespace Realtime.Models.Training.Evaluation;

/// <summary>Fits the linear decoders to a session, for the rows that stand beside a network's.</summary>
public static class BaselineScores
{
    /// <param name="session">Fitted on its training intervals, settings chosen on its validation intervals.</param>
    /// <param name="options">Bin, lags, filter, and the outputs by name.</param>
    /// <param name="intervals">What is scored.</param>
    /// <param name="oneAnswerPerInterval">Whether the intervals are trials, each judged at its end.</param>
    /// <param name="kinds">Kinds of <see cref="BaselineTrainer.Kinds"/>; null for all.</param>
    /// <param name="notes">Told why a kind cannot be fitted; may be null.</param>
    /// <param name="cancellation">Stops the fits.</param>
    /// <returns>A row per kind that could be fitted, and the constant predictor's, all causal.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<ScoreRow> Fit(Session session, TrainingOptions options, IReadOnlyList<TimeRange> intervals,
        bool oneAnswerPerInterval = false, IReadOnlyList<string>? kinds = null, Action<string>? notes = null,
        CancellationToken cancellation = default)
    {
        var filter = options.Filter is null ? null : BinFilter.Parse(options.Filter, session.Behaviour);
        var rows = new List<ScoreRow>();
        ScoreRow? constant = null;
        foreach (var kind in kinds ?? BaselineTrainer.Kinds)
        {
            try
            {
                var model = BaselineTrainer.Train(kind, session, options, null, cancellation);
                var mean = model.File.Config.Training.TargetMean;
                var scores = oneAnswerPerInterval
                    ? TrialEvaluator.Evaluate(model.Decoder, session, intervals, filter, mean, cancellation)
                    : SessionEvaluator.Evaluate(model.Decoder, session, intervals, 0, filter, mean, cancellation);
                rows.Add(ScoreRow.Of(session.Name, kind, ScoreTiming.Causal, scores));
                constant ??= ScoreRow.OfConstant(session.Name, ScoreTiming.Causal, scores);
            }
            catch (TrainingException error)
            {
                notes?.Invoke($"Session '{session.Name}': no {kind} beside the model. {error.Message}");
            }
        }

        if (constant is not null) rows.Add(constant);
        return rows;
    }
}
