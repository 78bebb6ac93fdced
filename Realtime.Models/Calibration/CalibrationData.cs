using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;

namespace Realtime.Models.Calibration;

/// <summary>Which parts of a session a calibration uses and which it holds out.</summary>
/// <param name="Session">The session with the used part as its training intervals, the held-out part as its test intervals, and no validation intervals.</param>
/// <param name="UsedSeconds">Length of the used part.</param>
/// <param name="HeldOutSeconds">Length of the held-out part.</param>
internal sealed record CalibrationData(Session Session, double UsedSeconds, double HeldOutSeconds)
{
    // Below this a window of any published model would hardly fit a few times.
    private const double LeastSeconds = 5;

    private const int LeastSpikes = 100;

    /// <param name="session">The new session.</param>
    /// <param name="options">Minutes or share.</param>
    /// <param name="trials">Whether each segment is a trial that is used whole or not at all.</param>
    /// <exception cref="TrainingException">There is too little to use, or nothing is left to be held out.</exception>
    public static CalibrationData Of(Session session, CalibrationOptions options, bool trials)
    {
        IReadOnlyList<TimeRange> all = options.HoldOutRest ? [.. session.Segments.OrderBy(range => range.Start)] : session.Train;
        if (trials) all = SessionTrials.Within(session, all);
        if (all.Count == 0)
            throw new TrainingException($"Session '{session.Name}' names no training interval{(trials ? " that holds a whole trial" : "")}. Add splits to its meta.json, or leave them out altogether.");
        var total = all.Sum(range => range.Length);
        if (options.Minutes * 60 > total + 1e-6)
            throw new TrainingException(FormattableString.Invariant($"Session '{session.Name}' has {total / 60:0.##} min to calibrate on, not {options.Minutes}. Ask for fewer minutes."));
        var used = trials && options.Share is { } share ? [.. all.Take((int)Math.Ceiling(share * all.Count))]
            : First(all, options.Minutes * 60 ?? (options.Share ?? 1) * total, whole: trials);
        var end = used.Count == 0 ? all[0].Start : used[^1].End;
        var rest = First([.. all.Select(range => range with { Start = Math.Max(range.Start, end) }).Where(range => range.Length > 0)], double.PositiveInfinity, whole: trials);
        IReadOnlyList<TimeRange> heldOut = options.HoldOutRest ? rest : session.Test.Count > 0 ? session.Test : session.Valid.Count > 0 ? session.Valid : rest;
        if (trials) heldOut = SessionTrials.Within(session, heldOut);
        var data = new CalibrationData(SessionTrials.WithSplits(session, used, [], heldOut), used.Sum(range => range.Length), heldOut.Sum(range => range.Length));
        data.Check();
        return data;
    }

    private static List<TimeRange> First(IReadOnlyList<TimeRange> ranges, double seconds, bool whole)
    {
        var taken = new List<TimeRange>();
        foreach (var range in ranges)
        {
            // A whole µs is forgiven, so that parts which add up to the asked length give all of it.
            var length = Math.Min(range.Length, seconds);
            if (length <= 1e-6 || whole && length < range.Length - 1e-6) break;
            taken.Add(range with { End = length < range.Length ? range.Start + length : range.End });
            seconds -= length;
        }

        return taken;
    }

    private void Check()
    {
        var name = Session.Name;
        if (UsedSeconds < LeastSeconds)
            throw new TrainingException(FormattableString.Invariant($"Only {UsedSeconds:0.##} s of session '{name}' would be used; a calibration needs {LeastSeconds} s at the very least, and 1 to 2 minutes to be any good."));
        if (HeldOutSeconds < LeastSeconds)
            throw new TrainingException(FormattableString.Invariant($"Only {HeldOutSeconds:0.##} s of session '{name}' are held out to judge the result; {LeastSeconds} s are the least. Use fewer minutes, or record for longer."));
        var spikes = Session.Train.Sum(range => Count(range));
        if (spikes < LeastSpikes)
            throw new TrainingException(FormattableString.Invariant($"The {UsedSeconds:0.#} s of session '{name}' to calibrate on hold {spikes} spikes; {LeastSpikes} are the least. Use more minutes, or check that the recording's units fire."));
    }

    private long Count(TimeRange range)
    {
        var (first, end) = (Session.SampleAt(range.Start), Session.SampleAt(range.End));
        return Session.SpikeSamples.LongCount(sample => sample >= first && sample < end);
    }
}
