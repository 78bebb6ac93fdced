namespace Realtime.Acquisition.ZeroMq;

/// <summary>What a sending socket does for a peer whose queue is full.</summary>
public enum OverflowPolicy
{
    /// <summary>That peer loses the message, and the loss is counted; nobody waits. For live runs.</summary>
    Drop,

    /// <summary>The sender waits until that peer has room. For replays that run as fast as the slowest reader.</summary>
    Wait,
}
