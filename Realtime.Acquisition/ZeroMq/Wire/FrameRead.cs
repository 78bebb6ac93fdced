namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>What <see cref="FrameReader.TryRead"/> found.</summary>
internal enum FrameRead
{
    NeedMore,
    Message,
    Command,
    Invalid,
}
