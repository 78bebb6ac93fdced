namespace Realtime.Engine.Answers;

/// <summary>Everything about one answer but its values. Blittable. Host times are monotonic ns.</summary>
public struct TickAnswer
{
    /// <summary>Running number of the answer in this run, from 0, without gaps.</summary>
    public long Tick;

    /// <summary>Counts restarts of the source and jumps of its clock, from 0; data time starts anew with each.</summary>
    public int Epoch;

    /// <summary>Spikes in the window.</summary>
    public int Spikes;

    /// <summary>Data time of the window's end, ns since the configured origin sample of the reference stream.</summary>
    public long DataNs;

    /// <summary>Sample number of the window's end on the reference stream.</summary>
    public long Sample;

    /// <summary>When the last event that let the tick close arrived on the host; the lateness bound's instant where that closed it.</summary>
    public long DueNs;

    /// <summary>When the decode loop closed the tick.</summary>
    public long ClosedNs;

    /// <summary>When the decoder had answered.</summary>
    public long DecodedNs;

    /// <summary>When the message was made up for sending.</summary>
    public long EmittedNs;

    /// <summary>EmittedNs less the host time of the window's end by the stream clock's fit: how old the neural data are.</summary>
    public long AgeNs;

    /// <summary>Half width of the stream clock's uncertainty, ns.</summary>
    public long ClockUncertaintyNs;

    public AnswerStatus Status;

    public AnswerFlags Flags;
}
