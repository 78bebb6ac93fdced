using Realtime.Engine.Decoding;

namespace Realtime.Engine.Sessions;

/// <summary>The video frames that were shown in a session, pixels as they are stored: bytes stay bytes. Immutable; any thread.</summary>
public sealed class SessionFrames
{
    private readonly byte[]? _bytes;
    private readonly float[]? _numbers;

    /// <param name="samples">Sample number at which each frame was shown, strictly ascending.</param>
    /// <param name="shape">Size of every frame.</param>
    /// <param name="pixels">[frames, height, width].</param>
    /// <param name="arrivals">Sample number from which each could be used, never falling and none before its frame was shown; null where that is when it was shown.</param>
    /// <exception cref="ArgumentException">The samples do not ascend, or there are not as many pixels or arrivals as such frames have.</exception>
    public SessionFrames(long[] samples, FrameShape shape, byte[] pixels, long[]? arrivals = null)
        : this(samples, shape, pixels.LongLength, arrivals) => _bytes = pixels;

    /// <inheritdoc cref="SessionFrames(long[], FrameShape, byte[], long[])"/>
    public SessionFrames(long[] samples, FrameShape shape, float[] pixels, long[]? arrivals = null)
        : this(samples, shape, pixels.LongLength, arrivals) => _numbers = pixels;

    private SessionFrames(long[] samples, FrameShape shape, long pixels, long[]? arrivals)
    {
        if (shape.Height < 1 || shape.Width < 1 || pixels != (long)samples.Length * shape.Height * shape.Width)
            throw new ArgumentException($"{samples.Length} frames of {shape} pixels do not have {pixels} pixels.", nameof(pixels));
        for (var i = 1; i < samples.Length; i++)
            if (samples[i] <= samples[i - 1]) throw new ArgumentException($"Frame {i} was not shown after the one before it.", nameof(samples));
        if (arrivals is not null && arrivals.Length != samples.Length) throw new ArgumentException($"{samples.Length} frames have {arrivals.Length} arrivals.", nameof(arrivals));
        for (var i = 0; i < arrivals?.Length; i++)
            if (arrivals[i] < samples[i] || (i > 0 && arrivals[i] < arrivals[i - 1])) throw new ArgumentException($"Frame {i} arrived before it was shown, or before the one before it.", nameof(arrivals));
        (Samples, Shape, Arrivals) = (samples, shape, arrivals ?? samples);
    }

    /// <summary>Sample number at which each frame was shown, strictly ascending.</summary>
    public long[] Samples { get; }

    /// <summary>Sample number from which a decoder could use each frame: a recorded run's frames may have come after ticks that they were shown for. Else <see cref="Samples"/> itself.</summary>
    public long[] Arrivals { get; }

    public FrameShape Shape { get; }

    public int Count => Samples.Length;

    /// <summary>Whether pixels are bytes, 0 to 255; else they are float32.</summary>
    public bool AreBytes => _bytes is not null;

    /// <summary>All pixels, [frames, height, width], where they are bytes; else empty.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>All pixels, [frames, height, width], where they are float32; else empty.</summary>
    public ReadOnlySpan<float> Numbers => _numbers;

    /// <summary>A frame's pixels as numbers; bytes as 0 to 255. Allocates nothing.</summary>
    /// <param name="frame">From 0.</param>
    /// <param name="pixels">[height, width]; filled.</param>
    public void Read(int frame, Span<float> pixels)
    {
        var count = Shape.Pixels;
        if (_numbers is not null)
        {
            _numbers.AsSpan(frame * count, count).CopyTo(pixels);
            return;
        }

        var bytes = _bytes.AsSpan(frame * count, count);
        for (var i = 0; i < count; i++) pixels[i] = bytes[i];
    }

    /// <summary>The first frame shown at a sample or later; <see cref="Count"/> where there is none.</summary>
    public int FirstAt(long sample)
    {
        var at = Array.BinarySearch(Samples, sample);
        return at < 0 ? ~at : at;
    }
}
