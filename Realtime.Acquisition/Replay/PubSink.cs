using Realtime.Acquisition.ZeroMq;

namespace Realtime.Acquisition.Replay;

/// <summary>Publishes the messages of a replay.</summary>
internal sealed class PubSink(PubSocket socket) : IReplaySink
{
    public void Send(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        socket.Send(envelope, header, payload);
}
