namespace Realtime.Acquisition.OpenEphys;

/// <summary>What a message carries, as its header's <c>type</c> says.</summary>
public enum OpenEphysMessageKind : byte
{
    /// <summary>The header gave no type, or one that is not known here.</summary>
    Unknown,

    /// <summary>One block of one continuous channel.</summary>
    Data,

    /// <summary>An event; only TTL changes are sent by today's plugin.</summary>
    Event,

    Spike,
}
