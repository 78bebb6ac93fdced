using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Scores;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Evaluation;

/// <summary>Scores one answer per trial: the decoder begins each trial anew, and what it says at the trial's end counts. Causal
/// scores.</summary>
public static class TrialEvaluator
{
    /// <param name="decoder">Any decoder; one that must be called at hops is called at the hops that end with the trial.</param>
    /// <param name="session">The session.</param>
    /// <param name="trials">See <see cref="SessionTrials"/>. One that is shorter than the window or the target counts as left out.</param>
    /// <param name="filter">Which trials are scored, by the mean over the target's interval.</param>
    /// <param name="constant">What the constant predictor answers.</param>
    /// <param name="cancellation">Stops between trials.</param>
    /// <exception cref="ArgumentException">An output has no behaviour channel.</exception>
    public static ScoreAccumulator Evaluate(IDecoder decoder, Session session, IReadOnlyList<TimeRange> trials, BinFilter? filter = null,
        IReadOnlyList<double>? constant = null, CancellationToken cancellation = default)
    {
        var description = decoder.Description;
        var targets = TargetSources.For(description.Outputs, session.Behaviour);
        var feed = new BehaviourMeans(session, filter is null ? targets : [.. targets, filter.Source], description.TargetNs);
        var spikes = SpikeTrain.Of(session, description.Units);
        var accumulator = new ScoreAccumulator(description.Outputs, constant);
        var values = new float[targets.Count];
        var means = new double[targets.Count + 1];
        foreach (var range in trials)
        {
            cancellation.ThrowIfCancellationRequested();
            var trial = DataInterval.Of(range);
            feed.Mean(trial.EndNs, means.AsSpan(0, feed.Count));
            if (filter is not null && !filter.Keeps(means[targets.Count])) continue;
            var room = trial.LengthNs - Math.Max(description.WindowNs, description.TargetNs);

            // An answer that is no number is counted as left out.
            values.AsSpan().Fill(float.NaN);
            if (room >= 0)
            {
                decoder.Reset();
                if (description.NeedsTrials) decoder.BeginTrial(trial.StartNs);
                var hops = description.HopNs > 0 ? (trial.LengthNs - description.WindowNs) / description.HopNs : 0;
                for (var hop = hops; hop >= 0; hop--)
                {
                    var at = trial.EndNs - hop * description.HopNs;
                    decoder.Decode(spikes.Window(at - description.WindowNs, at), values);
                }
            }

            accumulator.Append(values, means.AsSpan(0, targets.Count));
        }

        return accumulator;
    }
}
