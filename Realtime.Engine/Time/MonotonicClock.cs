using System.Diagnostics;

namespace Realtime.Engine.Time;

/// <summary>The machine's monotonic clock (<see cref="Stopwatch"/>); never the wall clock, which steps.</summary>
public sealed class MonotonicClock : IClock
{
    public static readonly MonotonicClock Instance = new();

    private static readonly long TicksPerSecond = Stopwatch.Frequency;

    /// <inheritdoc/>
    public long NowNs
    {
        get
        {
            var ticks = Stopwatch.GetTimestamp();
            if (TicksPerSecond == 1_000_000_000) return ticks;
            var (seconds, rest) = Math.DivRem(ticks, TicksPerSecond);
            return seconds * 1_000_000_000 + rest * 1_000_000_000 / TicksPerSecond;
        }
    }
}
