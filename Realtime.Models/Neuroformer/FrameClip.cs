namespace Realtime.Models.Neuroformer;

/// <summary>
/// Which frames make a window's clip, live, in training and in scores alike: the newest one shown before the window's end, and one for each frame period before
/// it, where a frame that did not come is stood for by the one before it. Immutable; any thread; allocates nothing per call.
/// </summary>
internal sealed class FrameClip
{
    private const double PeriodsHeld = 2;

    // Frames kept per frame of a clip: a camera up to so many times as fast as the model's rate is taken at the model's rate.
    private const int Spare = 4;

    private readonly long _periodNs;
    private readonly long _holdNs;
    private readonly int _lookAhead;
    private readonly int _count;

    /// <param name="frames">Number and rate.</param>
    /// <param name="hold">How long a frame stands for those that do not come, s; null for two periods.</param>
    /// <param name="lookAhead">Frames of the clip after the window's end, for which the newest stands.</param>
    public FrameClip(NeuroformerFrames frames, double? hold, int lookAhead)
    {
        _periodNs = (long)Math.Round(1e9 / frames.Rate);
        _holdNs = (long)Math.Round(1e9 * (hold ?? PeriodsHeld / frames.Rate));
        (_lookAhead, _count) = (lookAhead, frames.Count);
    }

    /// <summary>How long before a window's end a frame may have been shown that the choice depends on, ns.</summary>
    public long ReachNs => 2 * _holdNs + Math.Max(1, _count - _lookAhead) * _periodNs;

    /// <summary>How many of the newest frames before a window's end are looked at.</summary>
    public static int Kept(NeuroformerFrames frames) => checked((frames.Count + 1) * Spare);

    /// <summary>Chooses a window's frames.</summary>
    /// <param name="shown">At most <see cref="Kept"/> of them.</param>
    /// <param name="endNs">The window's end; a frame shown then or later is not of the window.</param>
    /// <param name="clip">[frames of a clip]: receives their numbers, the oldest first.</param>
    /// <returns>False where one is missing and nothing young enough can stand for it.</returns>
    public bool TryChoose<T>(T shown, long endNs, Span<long> clip)
        where T : IShownFrames
    {
        var at = Newest(shown, shown.Next - 1, endNs - 1);
        if (at < shown.First || endNs - shown.Time(at) > _holdNs) return false;
        var anchorNs = shown.Time(at);
        for (var i = clip.Length - 1; i >= 0; i--)
        {
            var dueNs = anchorNs - Math.Max(0, clip.Length - 1 - i - _lookAhead) * _periodNs;
            at = Nearest(shown, at, dueNs);
            if (at < shown.First || dueNs - shown.Time(at) > _holdNs) return false;
            clip[i] = at;
        }

        return true;
    }

    /// <summary>The frame, at most <paramref name="from"/>, that was shown nearest to a moment, not later than half a period after it.</summary>
    private long Nearest<T>(T shown, long from, long dueNs)
        where T : IShownFrames
    {
        var at = Newest(shown, from, dueNs + _periodNs / 2);
        while (at > shown.First && dueNs - shown.Time(at - 1) < shown.Time(at) - dueNs) at--;
        return at;
    }

    /// <summary>The newest frame, at most <paramref name="from"/>, that was shown up to a moment.</summary>
    private static long Newest<T>(T shown, long from, long untilNs)
        where T : IShownFrames
    {
        while (from >= shown.First && shown.Time(from) > untilNs) from--;
        return from;
    }
}
