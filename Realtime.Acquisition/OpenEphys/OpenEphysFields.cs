namespace Realtime.Acquisition.OpenEphys;

/// <summary>Header fields, as a set: which of them a message had.</summary>
[Flags]
public enum OpenEphysFields
{
    None = 0,
    MessageNumber = 1,
    Timestamp = 1 << 1,
    DataSize = 1 << 2,
    Stream = 1 << 3,
    SampleNumber = 1 << 4,
    NumSamples = 1 << 5,
    NumChannels = 1 << 6,
    ChannelNumber = 1 << 7,
    ChannelName = 1 << 8,
    SampleRate = 1 << 9,
    SourceNode = 1 << 10,
    EventType = 1 << 11,
    Electrode = 1 << 12,
    SortedId = 1 << 13,
    Type = 1 << 14,
}
