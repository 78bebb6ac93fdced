using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Scores;

namespace Realtime.Models.Training;

/// <summary>Plays intervals of a session through a decoder, window by window, as the decode loop would, and scores the answers. Causal
/// scores.</summary>
public static class SessionEvaluator
{
    /// <param name="decoder">Any decoder; units are matched by name, spikes of units it does not know are left out.</param>
    /// <param name="session">The session.</param>
    /// <param name="intervals">Each begins with a reset; windows that would reach back before its start are left out.</param>
    /// <param name="stepNs">From one window's end to the next; 0 for the decoder's hop, or the target's length where any hop will
    /// do.</param>
    /// <param name="filter">Which windows are scored, by the mean over the target's interval; the others are decoded all the same.</param>
    /// <param name="constant">What the constant predictor answers.</param>
    /// <param name="cancellation">Stops between windows.</param>
    /// <exception cref="ArgumentException">An output has no behaviour channel, or the step is not the hop that the decoder must
    /// have.</exception>
    public static ScoreAccumulator Evaluate(IDecoder decoder, Session session, IReadOnlyList<TimeRange> intervals, long stepNs = 0,
        BinFilter? filter = null,
        IReadOnlyList<double>? constant = null, CancellationToken cancellation = default)
    {
        var description = decoder.Description;
        var step = stepNs > 0 ? stepNs : description.HopNs > 0 ? description.HopNs : description.TargetNs;
        if (description.HopNs > 0 && step != description.HopNs)
            throw new ArgumentException($"This {description.Name} model must be called every {description.HopNs} ns, not every {step}.",
                nameof(stepNs));
        var targets = TargetSources.For(description.Outputs, session.Behaviour);
        var feed = new BehaviourFeed(session, filter is null ? targets : [.. targets, filter.Source], description.TargetNs);
        var spikes = SpikeTrain.Of(session, description.Units);
        var accumulator = new ScoreAccumulator(description.Outputs, constant);
        var values = new float[targets.Count];
        var means = new double[targets.Count + 1];
        foreach (var interval in intervals)
        {
            var (start, end) = (TrainingSet.ToNs(interval.Start), TrainingSet.ToNs(interval.End));
            var reach = Math.Max(description.WindowNs, description.TargetNs);
            var first = start + (reach + step - 1) / step * step;
            decoder.Reset();
            if (description.NeedsTrials) decoder.BeginTrial(start);
            feed.Seek(first);
            for (var at = first; at <= end; at += step)
            {
                cancellation.ThrowIfCancellationRequested();
                decoder.Decode(spikes.Window(at - description.WindowNs, at), values);
                feed.Mean(at, means);
                if (filter is null || filter.Keeps(means[^1])) accumulator.Append(values, means.AsSpan(0, targets.Count));
            }
        }

        return accumulator;
    }
}
