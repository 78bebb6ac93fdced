using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;

namespace Realtime.Host.Benchmarks;

/// <summary>One random video frame per hop, shown at the start of the hop; none for a decoder that reads none. One thread.</summary>
internal sealed class RandomFrames
{
    private const ulong Purpose = 2;

    private readonly PortableRandom _random;
    private readonly float[] _pixels;
    private readonly long _hopNs;

    public RandomFrames(FrameShape? shape, long hopNs, ulong seed) =>
        (_random, _pixels, _hopNs) = (new PortableRandom(seed, Purpose), new float[shape?.Pixels ?? 0], hopNs);

    /// <summary>Shows the frame of the window that ends then. Allocates nothing.</summary>
    public void Show(IDecoder decoder, long endNs)
    {
        if (_pixels.Length == 0) return;
        foreach (ref var pixel in _pixels.AsSpan()) pixel = (float)_random.Uniform();
        decoder.TakeFrame(endNs - _hopNs, _pixels);
    }
}
