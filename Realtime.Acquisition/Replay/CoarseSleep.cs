namespace Realtime.Acquisition.Replay;

/// <summary>A sleep whose end the system decides to within <see cref="OvershootNs"/>. The seam between systems.</summary>
internal abstract class CoarseSleep : IDisposable
{
    /// <summary>How much longer than asked a sleep takes at most, usually, ns.</summary>
    public abstract long OvershootNs { get; }

    /// <summary>Sleeps about that long; may return at once when it is shorter than the system can sleep.</summary>
    public abstract void Sleep(long ns);

    public virtual void Dispose()
    {
    }

    public static CoarseSleep Create()
    {
        if (!OperatingSystem.IsWindows()) return new ThreadSleep();
        return WindowsTimerSleep.TryCreate() ?? (CoarseSleep)new WindowsCoarseSleep();
    }

    /// <summary>Unix kernels sleep to within some 60 microseconds; the call takes whole milliseconds.</summary>
    private sealed class ThreadSleep : CoarseSleep
    {
        public override long OvershootNs => 300_000;

        public override void Sleep(long ns)
        {
            if (ns >= 1_000_000) Thread.Sleep((int)(ns / 1_000_000));
            else Thread.Yield();
        }
    }

    /// <summary>Windows before 10 version 1803: the scheduler's tick is 15.6 ms unless another program asks for less.</summary>
    private sealed class WindowsCoarseSleep : CoarseSleep
    {
        public override long OvershootNs => 16_000_000;

        public override void Sleep(long ns)
        {
            if (ns >= 1_000_000) Thread.Sleep(1);
            else Thread.Yield();
        }
    }
}
