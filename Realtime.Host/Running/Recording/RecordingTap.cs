using Realtime.Engine.Decoding;
using Realtime.Engine.Frames;
using Realtime.Engine.Rings;
using Realtime.Engine.Ticks;

namespace Realtime.Host.Running.Recording;

/// <summary>
/// Puts what the decode loop takes in into the recorder's rings. A recorder that falls behind loses spikes and video frames, counted; what divides the recording
/// is never lost: it waits for room. Decode thread only, but for the counters.
/// </summary>
public sealed class RecordingTap : IInputTap
{
    /// <summary>10 s at 50,000 spikes a second, while the recorder's disk stalls; 20 MB.</summary>
    public const int DefaultCapacity = 1 << 19;

    // 10 s of 25 frames a second, while the recorder's disk stalls; of large frames as many as fit into the memory, a second of 30 at least.
    private const int MostFrames = 256;
    private const int LeastFrames = 32;
    private const long FrameBytes = 64_000_000;

    private TappedEvent _restart;
    private TappedEvent _begin;
    private TappedEvent _answered;
    private long _taken;
    private long _lost;
    private long _framesTaken;
    private long _framesLost;

    /// <param name="capacity">Events that may wait, a power of two.</param>
    /// <param name="frames">Size of the decoder's video frames; null where none come.</param>
    public RecordingTap(int capacity = DefaultCapacity, FrameShape? frames = null)
    {
        Ring = new SpscRing<TappedEvent>(capacity);
        if (frames is { } shape) Frames = new FrameRing(shape, Capacity(shape));
    }

    /// <summary>The recorder is its only consumer.</summary>
    public SpscRing<TappedEvent> Ring { get; }

    /// <summary>Pixels of the frames in the ring, in its order; null where none come. The recorder is its only consumer.</summary>
    public FrameRing? Frames { get; }

    /// <summary>Spikes that the decode loop took. Any thread.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Of these, spikes for which the ring had no room. Any thread.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Video frames that the decoder was given. Any thread.</summary>
    public long FramesTaken => Volatile.Read(ref _framesTaken);

    /// <summary>Of these, frames for which there was no room. Any thread.</summary>
    public long FramesLost => Volatile.Read(ref _framesLost);

    /// <inheritdoc/>
    public void Begin(long startNs)
    {
        _begin = new TappedEvent(TappedEventKind.Begin, startNs, HostNs: 1);
        Flush();
    }

    /// <inheritdoc/>
    public void Take(long dataNs, int unit, int stream)
    {
        Volatile.Write(ref _taken, _taken + 1);
        if (!Flush() || !Ring.TryWrite(new TappedEvent(TappedEventKind.Spike, dataNs, Unit: unit, Stream: stream))) Volatile.Write(ref _lost, _lost + 1);
    }

    /// <inheritdoc/>
    public void TakeFrame(long shownNs, long fromNs, ReadOnlySpan<float> pixels, bool areBytes)
    {
        Volatile.Write(ref _framesTaken, _framesTaken + 1);
        if (!Flush() || Ring.Count == Ring.Capacity || Frames is null || !Frames.TryBegin(out var place))
        {
            Volatile.Write(ref _framesLost, _framesLost + 1);
            return;
        }

        // Pixels before their event, so that who reads it finds them.
        pixels.CopyTo(place);
        Frames.Commit(new FrameStamp(FrameStamp.NoSample, 0, areBytes));
        Ring.TryWrite(new TappedEvent(TappedEventKind.Frame, shownNs, fromNs));
    }

    /// <inheritdoc/>
    public void Answered(long endNs, long settledNs, long hostNs)
    {
        _answered = new TappedEvent(TappedEventKind.Answered, endNs, settledNs, Math.Max(1, hostNs));
        Flush();
    }

    /// <inheritdoc/>
    public void Restart(long hostNs)
    {
        // What the ring had no room for is of the old epoch and cannot be told any more; the restart itself must be.
        _begin = _answered = default;
        _restart = new TappedEvent(TappedEventKind.Restart, 0, HostNs: Math.Max(1, hostNs));
        Flush();
    }

    private static int Capacity(FrameShape shape)
    {
        var capacity = MostFrames;
        while (capacity > LeastFrames && (long)capacity * shape.Pixels * sizeof(float) > FrameBytes) capacity /= 2;
        return capacity;
    }

    /// <summary>Writes what has been waiting for room, in its order.</summary>
    private bool Flush() => Write(ref _restart) && Write(ref _begin) && Write(ref _answered);

    private bool Write(ref TappedEvent item)
    {
        if (item.HostNs == 0) return true;
        if (!Ring.TryWrite(in item)) return false;
        item = default;
        return true;
    }
}
