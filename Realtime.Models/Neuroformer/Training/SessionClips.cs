using Realtime.Engine.Sessions;
using Realtime.Engine.Time;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>The clips of a session's windows: what a live decoder would hold if it had begun with the window's interval. Immutable; any thread.</summary>
internal sealed class SessionClips
{
    private readonly SessionFrames _frames;
    private readonly NeuroformerFrames _sizes;
    private readonly FrameClip _rule;
    private readonly float _scale;
    private readonly long[] _timesNs;

    /// <param name="session">With frames of the model's size.</param>
    /// <param name="sizes">The model's.</param>
    /// <param name="rule">Chooses a clip's frames.</param>
    /// <param name="scale">Factor of every pixel.</param>
    public SessionClips(Session session, NeuroformerFrames sizes, FrameClip rule, double scale)
    {
        (_frames, _sizes, _rule, _scale) = (session.Frames!, sizes, rule, (float)scale);
        var time = new SampleTimeline(0, session.SampleRateHz);
        _timesNs = Array.ConvertAll(_frames.Samples, time.DataNs);
    }

    /// <summary>Whether a window has a clip.</summary>
    /// <param name="endNs">Its end.</param>
    /// <param name="fromNs">Start of its interval; frames shown before are not used.</param>
    public bool Has(long endNs, long fromNs) => _rule.TryChoose(Before(endNs, fromNs), endNs, stackalloc long[_sizes.Count]);

    /// <summary>The pixels of a window's clip, [frames, height, width].</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    /// <inheritdoc cref="Has"/>
    public float[] Of(long endNs, long fromNs)
    {
        Span<long> clip = stackalloc long[_sizes.Count];
        if (!_rule.TryChoose(Before(endNs, fromNs), endNs, clip)) throw new ArgumentException("The window has no frames.", nameof(endNs));
        var size = _frames.Shape.Pixels;
        var pixels = new float[clip.Length * size];
        for (var i = 0; i < clip.Length; i++) _frames.Read((int)clip[i], pixels.AsSpan(i * size, size));
        for (var i = 0; i < pixels.Length; i++) pixels[i] = _scale * pixels[i];
        return pixels;
    }

    private Shown Before(long endNs, long fromNs)
    {
        var next = FirstAt(endNs);
        return new Shown(_timesNs, Math.Max(FirstAt(fromNs), next - FrameClip.Kept(_sizes)), next);
    }

    private int FirstAt(long timeNs)
    {
        var at = Array.BinarySearch(_timesNs, timeNs);
        return at < 0 ? ~at : at;
    }

    private readonly record struct Shown(long[] TimesNs, long First, long Next) : IShownFrames
    {
        public long Time(long number) => TimesNs[number];
    }
}
