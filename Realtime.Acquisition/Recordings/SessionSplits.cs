using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Recordings;

/// <summary>Which stretches of a session are for fitting, for choosing and for judging.</summary>
internal sealed record SessionSplits(TimeRange[] Train, TimeRange[] Valid, TimeRange[] Test)
{
    /// <summary>The first 60 %, next 20 % and last 20 % of the time up to <paramref name="end"/>.</summary>
    public static SessionSplits ByTime(double end) => new([new(0, 0.6 * end)], [new(0.6 * end, 0.8 * end)], [new(0.8 * end, end)]);
}
