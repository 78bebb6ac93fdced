namespace Realtime.Acquisition.Replay;

/// <summary>Takes the messages of a replay in the order in which they are to be sent.</summary>
public interface IReplaySink
{
    /// <summary>The spans hold only during the call.</summary>
    void Send(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload);
}
