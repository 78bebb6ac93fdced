namespace Realtime.Models.Neuroformer.Live;

/// <summary>The last video frames, of which <see cref="FrameClip"/> takes a window's clip. One thread; allocates nothing per call.</summary>
internal sealed class FrameRing : IShownFrames
{
    private readonly NeuroformerFrames _frames;
    private readonly FrameClip _rule;
    private readonly float _scale;
    private readonly int _capacity;
    private readonly long[] _times;
    private readonly float[] _pixels;

    /// <param name="frames">Sizes and rate.</param>
    /// <param name="rule">Chooses a clip's frames.</param>
    /// <param name="scale">Factor of every pixel.</param>
    public FrameRing(NeuroformerFrames frames, FrameClip rule, float scale)
    {
        (_frames, _rule, _scale) = (frames, rule, scale);
        _capacity = FrameClip.Kept(frames);
        _times = new long[_capacity];
        _pixels = new float[checked(_capacity * PixelsPerFrame)];
    }

    /// <inheritdoc/>
    public long First { get; private set; }

    /// <inheritdoc/>
    public long Next { get; private set; }

    private int PixelsPerFrame => _frames.Height * _frames.Width;

    /// <summary>Frames that were passed over: of another size, or not after the one before.</summary>
    public long Refused { get; private set; }

    /// <summary>Numbers that a ring holds.</summary>
    public static long Numbers(NeuroformerFrames frames) => (long)FrameClip.Kept(frames) * frames.Height * frames.Width;

    public void Clear() => First = Next;

    public void Take(long timeNs, ReadOnlySpan<float> pixels)
    {
        if (pixels.Length != PixelsPerFrame || (Next > First && timeNs <= Time(Next - 1)))
        {
            Refused++;
            return;
        }

        var slot = (int)(Next % _capacity);
        _times[slot] = timeNs;
        var own = _pixels.AsSpan(slot * PixelsPerFrame, PixelsPerFrame);
        for (var i = 0; i < own.Length; i++) own[i] = _scale * pixels[i];
        Next++;
        First = Math.Max(First, Next - _capacity);
    }

    /// <inheritdoc cref="FrameClip.TryChoose"/>
    public bool Choose(long endNs, Span<long> clip) => _rule.TryChoose(this, endNs, clip);

    /// <summary>A frame's pixels, [height, width].</summary>
    public ReadOnlySpan<float> Pixels(long number) => _pixels.AsSpan((int)(number % _capacity) * PixelsPerFrame, PixelsPerFrame);

    /// <inheritdoc/>
    public long Time(long number) => _times[number % _capacity];
}
