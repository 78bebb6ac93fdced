using Realtime.Engine.Rings;
using Realtime.Engine.Ticks;

namespace Realtime.Host.Running.Recording;

/// <summary>
/// Puts what the decode loop takes in into the recorder's ring. A recorder that falls behind loses spikes, counted; what divides the recording
/// is never lost: it waits for room. Decode thread only, but for the counters.
/// </summary>
public sealed class RecordingTap : ISpikeTap
{
    /// <summary>10 s at 50,000 spikes a second, while the recorder's disk stalls; 20 MB.</summary>
    public const int DefaultCapacity = 1 << 19;

    private TappedEvent _restart;
    private TappedEvent _begin;
    private TappedEvent _answered;
    private long _taken;
    private long _lost;

    /// <param name="capacity">Events that may wait, a power of two.</param>
    public RecordingTap(int capacity = DefaultCapacity) => Ring = new SpscRing<TappedEvent>(capacity);

    /// <summary>The recorder is its only consumer.</summary>
    public SpscRing<TappedEvent> Ring { get; }

    /// <summary>Spikes that the decode loop took. Any thread.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Of these, spikes for which the ring had no room. Any thread.</summary>
    public long Lost => Volatile.Read(ref _lost);

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
