using Realtime.Engine.Sessions;

namespace Realtime.Host.Commands;

/// <summary>Which stretch of a session a command works on: named parts, or seconds.</summary>
internal static class SessionPart
{
    public static readonly string[] Names = ["train", "valid", "test", "all"];

    /// <param name="session">The session.</param>
    /// <param name="part">One of <see cref="Names"/>.</param>
    /// <param name="from">Overrides the start, s.</param>
    /// <param name="to">Overrides the end, s.</param>
    /// <exception cref="UserErrorException">The part is missing, in several pieces, or empty.</exception>
    public static TimeRange Of(Session session, string part, double? from, double? to)
    {
        var ranges = part switch
        {
            "train" => session.Train,
            "valid" => session.Valid,
            "test" => session.Test,
            _ => [new TimeRange(0, session.DurationSeconds)],
        };
        if (ranges.Count != 1 && (from is null || to is null))
        {
            var pieces = string.Join(", ", ranges.Select(range => FormattableString.Invariant($"{range.Start} to {range.End} s")));
            throw new UserErrorException($"Session {session.Name} has {ranges.Count} '{part}' intervals ({pieces}). Choose one stretch with --from and --to.", ExitCode.BadInput);
        }

        var chosen = new TimeRange(from ?? ranges[0].Start, to ?? ranges[0].End);
        if (!(chosen.Length > 0) || chosen.Start < 0 || chosen.Start >= session.DurationSeconds)
            throw new UserErrorException(FormattableString.Invariant($"The stretch from {chosen.Start} to {chosen.End} s is empty or outside the session's {session.DurationSeconds} s."), ExitCode.BadInput);
        return chosen with { End = Math.Min(chosen.End, session.DurationSeconds) };
    }
}
