using Realtime.Engine.Sessions;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Evaluation;

/// <summary>Trials of a session: its segments, where the recording is broken into them (trials.intervals.npy).</summary>
public static class SessionTrials
{
    // A trial whose border is a split's border, each rounded by itself, is within.
    private const double Grace = 1e-6;

    /// <summary>The trials that lie wholly within some ranges, ascending; their lengths are whole µs where they nearly are.</summary>
    /// <param name="session">The session.</param>
    /// <param name="ranges">Such as <see cref="Session.Test"/>.</param>
    /// <param name="lastSeconds">Keep this much of each trial's end, and no trial that is shorter; 0 for all of it.</param>
    public static IReadOnlyList<TimeRange> Within(Session session, IReadOnlyList<TimeRange> ranges, double lastSeconds = 0)
    {
        var lastNs = TrainingSet.ToNs(lastSeconds);
        return session.Segments
            .Where(trial => ranges.Any(range => trial.Start >= range.Start - Grace && trial.End <= range.End + Grace))
            .OrderBy(trial => trial.Start).Select(DataInterval.Of).Where(trial => trial.LengthNs >= lastNs)
            .Select(trial => lastNs > 0 ? trial with { StartNs = trial.EndNs - lastNs } : trial)
            .Select(trial => trial.Range).ToArray();
    }

    /// <summary>The session with each split made a list of its trials: bins and windows are then laid within trials.</summary>
    /// <inheritdoc cref="Within" path="/param[@name='lastSeconds']"/>
    public static Session Cut(Session session, double lastSeconds = 0) => WithSplits(session,
        Within(session, session.Train, lastSeconds), Within(session, session.Valid, lastSeconds), Within(session, session.Test, lastSeconds));

    /// <summary>The same recording with other splits; arrays are shared.</summary>
    public static Session WithSplits(Session session, IReadOnlyList<TimeRange> train, IReadOnlyList<TimeRange> valid,
        IReadOnlyList<TimeRange> test) => session with { Train = train, Valid = valid, Test = test };
}
