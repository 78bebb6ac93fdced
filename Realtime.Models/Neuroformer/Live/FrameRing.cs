namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// The last video frames, and which of them make a window's clip: the newest before the window's end, and one for each frame period before it, where a
/// frame that did not come is stood for by the one before it. One thread; allocates nothing per call.
/// </summary>
internal sealed class FrameRing
{
    // Frames kept per frame of a clip: a camera up to so many times as fast as the model's rate is taken at the model's rate.
    private const int Spare = 4;

    private readonly NeuroformerFrames _frames;
    private readonly long _periodNs;
    private readonly long _holdNs;
    private readonly int _lookAhead;
    private readonly int _capacity;
    private readonly long[] _times;
    private readonly float[] _pixels;
    private long _next;
    private long _first;

    /// <param name="frames">Sizes and rate.</param>
    /// <param name="holdNs">How long a frame stands for those that do not come.</param>
    /// <param name="lookAhead">Frames of the clip after the window's end, for which the newest stands.</param>
    public FrameRing(NeuroformerFrames frames, long holdNs, int lookAhead)
    {
        (_frames, _holdNs, _lookAhead) = (frames, holdNs, lookAhead);
        _periodNs = (long)Math.Round(1e9 / frames.Rate);
        _capacity = checked((frames.Count + 1) * Spare);
        _times = new long[_capacity];
        _pixels = new float[checked(_capacity * PixelsPerFrame)];
    }

    private int PixelsPerFrame => _frames.Height * _frames.Width;

    /// <summary>Frames that were passed over: of another size, or not after the one before.</summary>
    public long Refused { get; private set; }

    /// <summary>Numbers that a ring holds.</summary>
    public static long Numbers(NeuroformerFrames frames) => (frames.Count + 1L) * Spare * frames.Height * frames.Width;

    public void Clear() => _first = _next;

    public void Take(long timeNs, ReadOnlySpan<float> pixels)
    {
        if (pixels.Length != PixelsPerFrame || (_next > _first && timeNs <= Time(_next - 1)))
        {
            Refused++;
            return;
        }

        var slot = (int)(_next % _capacity);
        _times[slot] = timeNs;
        pixels.CopyTo(_pixels.AsSpan(slot * PixelsPerFrame));
        _next++;
        _first = Math.Max(_first, _next - _capacity);
    }

    /// <summary>Chooses a window's frames.</summary>
    /// <param name="endNs">The window's end; a frame shown then or later is not of the window.</param>
    /// <param name="clip">[frames of a clip]: receives their numbers, the oldest first.</param>
    /// <returns>False where one is missing and nothing young enough can stand for it.</returns>
    public bool Choose(long endNs, Span<long> clip)
    {
        var at = Newest(_next - 1, endNs - 1);
        if (at < _first || endNs - Time(at) > _holdNs) return false;
        var anchorNs = Time(at);
        for (var i = clip.Length - 1; i >= 0; i--)
        {
            var dueNs = anchorNs - Math.Max(0, clip.Length - 1 - i - _lookAhead) * _periodNs;
            at = Nearest(at, dueNs);
            if (at < _first || dueNs - Time(at) > _holdNs) return false;
            clip[i] = at;
        }

        return true;
    }

    /// <summary>A frame's pixels, [height, width].</summary>
    public ReadOnlySpan<float> Pixels(long number) => _pixels.AsSpan((int)(number % _capacity) * PixelsPerFrame, PixelsPerFrame);

    private long Time(long number) => _times[number % _capacity];

    /// <summary>The frame, at most <paramref name="from"/>, that was shown nearest to a moment, not later than half a period after it.</summary>
    private long Nearest(long from, long dueNs)
    {
        var at = Newest(from, dueNs + _periodNs / 2);
        while (at > _first && dueNs - Time(at - 1) < Time(at) - dueNs) at--;
        return at;
    }

    /// <summary>The newest frame, at most <paramref name="from"/>, that was shown up to a moment.</summary>
    private long Newest(long from, long untilNs)
    {
        while (from >= _first && Time(from) > untilNs) from--;
        return from;
    }
}
