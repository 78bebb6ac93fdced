using Realtime.Engine.Frames;

namespace Realtime.Host.Reports;

/// <summary>What became of video frames.</summary>
public sealed record FramesReport
{
    /// <summary>Whole frames of the right size.</summary>
    public long Received { get; init; }

    /// <summary>Given to the decoder.</summary>
    public long Taken { get; init; }

    /// <summary>Dropped because earlier ones had not been worked off.</summary>
    public long RingFull { get; init; }

    /// <summary>Out of order.</summary>
    public long TooLate { get; init; }

    /// <summary>Missing by the sender's numbering.</summary>
    public long Missing { get; init; }

    /// <summary>Messages that are no frame of the model's size.</summary>
    public long Invalid { get; init; }

    public static FramesReport From(FrameCounters counters) => new()
    {
        Received = counters.Received,
        Taken = counters.Taken,
        RingFull = counters.RingFull,
        TooLate = counters.TooLate,
        Missing = counters.Missing,
        Invalid = counters.Invalid,
    };
}
