namespace Realtime.LatencyLab.Transport;

/// <summary>One PUB/SUB connection over TCP on this machine. One thread sends, one receives.</summary>
internal interface ITransportLink : IDisposable
{
    void Send(ReadOnlySpan<byte> message);

    /// <summary>Receives one message of one frame; its length, or -1 when none came within about a second.</summary>
    int Receive(Span<byte> into);
}
