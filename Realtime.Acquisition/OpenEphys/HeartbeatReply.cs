namespace Realtime.Acquisition.OpenEphys;

/// <summary>Who answered a heartbeat.</summary>
public enum HeartbeatReply
{
    /// <summary>Nobody, within the time.</summary>
    None,

    /// <summary>The ZMQ Interface plugin, as it should.</summary>
    Received,

    /// <summary>The ZMQ Interface plugin, which could not read the request.</summary>
    NotUnderstood,

    /// <summary>The Network Events plugin, whose port this is.</summary>
    NetworkEvents,

    /// <summary>Something that answers otherwise.</summary>
    Other,
}
