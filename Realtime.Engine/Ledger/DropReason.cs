namespace Realtime.Engine.Ledger;

/// <summary>Why a received spike never reached a decoder. Each dropped spike is counted under exactly one reason.</summary>
public enum DropReason
{
    /// <summary>The stream's ring was full: the decode thread did not keep up.</summary>
    RingFull,

    /// <summary>The unit is not in the model's unit table and the rig config does not bind it.</summary>
    UnknownUnit,

    /// <summary>It came from a data stream that this source was not asked to read (or from no named one).</summary>
    OtherStream,

    /// <summary>The message could not be parsed as a spike (payload length, missing or mistyped field).</summary>
    Malformed,

    /// <summary>It arrived after every window that could have used it had been answered.</summary>
    TooLate,

    /// <summary>Every tick whose window held it was answered without decoding.</summary>
    TickHeld,

    /// <summary>It lay further ahead in data time than a source can honestly be; its sample number is not believed.</summary>
    TooEarly,

    /// <summary>It came before its stream's clock could be related to the reference stream's.</summary>
    ClockUnknown,

    /// <summary>The sliding window held its maximum; the oldest spikes make room.</summary>
    WindowFull,

    /// <summary>The source restarted, or its clock jumped, before a tick had used it.</summary>
    Restart,

    /// <summary>The run ended before a tick had used it.</summary>
    RunEnded,
}
