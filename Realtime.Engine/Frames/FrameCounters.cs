namespace Realtime.Engine.Frames;

/// <summary>What became of video frames. Each number is written by one thread, readable from any.</summary>
public sealed class FrameCounters
{
    private long _received;
    private long _invalid;
    private long _ringFull;
    private long _missing;
    private long _taken;
    private long _tooLate;

    /// <summary>Whole frames of the right size that arrived.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Messages that are no frame, or one of another size.</summary>
    public long Invalid => Volatile.Read(ref _invalid);

    /// <summary>Frames dropped because the decode thread had not taken earlier ones.</summary>
    public long RingFull => Volatile.Read(ref _ringFull);

    /// <summary>Frames that the sender's numbering shows to be missing.</summary>
    public long Missing => Volatile.Read(ref _missing);

    /// <summary>Frames that the decoder was given.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Frames out of order, or of another stretch of time.</summary>
    public long TooLate => Volatile.Read(ref _tooLate);

    public void CountReceived() => Volatile.Write(ref _received, _received + 1);

    public void CountInvalid() => Volatile.Write(ref _invalid, _invalid + 1);

    public void CountRingFull() => Volatile.Write(ref _ringFull, _ringFull + 1);

    public void CountMissing(long frames) => Volatile.Write(ref _missing, _missing + frames);

    internal void CountTaken() => Volatile.Write(ref _taken, _taken + 1);

    internal void CountTooLate() => Volatile.Write(ref _tooLate, _tooLate + 1);
}
