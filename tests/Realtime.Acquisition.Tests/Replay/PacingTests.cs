using Realtime.Acquisition.Replay;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.Tests.Replay;

public class PacingTests
{
    [Fact]
    public void Waiting_never_ends_early()
    {
        using var wait = new PreciseWait(MonotonicClock.Instance);
        for (var n = 0; n < 20; n++)
        {
            var due = MonotonicClock.Instance.NowNs + n * 200_000L;
            Assert.True(wait.Until(due, CancellationToken.None));
            Assert.True(MonotonicClock.Instance.NowNs >= due);
        }
    }

    [Fact]
    public void Stopping_ends_a_wait_that_would_last_for_ever()
    {
        using var stop = new CancellationTokenSource();
        using var wait = new PreciseWait(MonotonicClock.Instance);
        stop.CancelAfter(20);
        Assert.False(wait.Until(long.MaxValue, stop.Token));
    }
}
