using Microsoft.Extensions.Logging;
using Realtime.Acquisition.ZeroMq.Wire;

namespace Realtime.Acquisition.ZeroMq;

/// <summary>
/// Answers requests of any number of REQ or DEALER peers, one request at a time. All work happens on the receiving thread. A request
/// that is not answered before the next receive stays without an answer. One thread; <see cref="Dispose"/> any.
/// </summary>
public sealed class RepSocket : IDisposable
{
    private readonly ReceiveServer _server;
    private readonly FrameEncoder _encoder;
    private readonly byte[] _envelope;
    private int _envelopeBytes;
    private ServerPeer? _asking;

    /// <exception cref="EndpointInUseException">Something listens there already.</exception>
    /// <exception cref="EndpointException">The endpoint cannot be bound for another reason.</exception>
    public RepSocket(ZmtpEndpoint bind, ZmtpOptions? options = null, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(bind);
        options ??= ZmtpOptions.Default;
        options.Validate();
        _server = new ReceiveServer(bind, ZmtpSocketType.Rep, options, log);
        _encoder = new FrameEncoder(FrameLimits.From(options));
        _envelope = new byte[FrameLimits.CommandBytes];
    }

    /// <summary>The port listened on.</summary>
    public int Port => _server.Port;

    public int PeerCount => _server.PeerCount;

    public string? LastError => _server.LastError;

    /// <summary>The next request; <see cref="Reply"/> goes to whoever sent it.</summary>
    /// <param name="request">Holds the request's frames, without the envelope, until the next call.</param>
    /// <param name="timeoutMs">Longest wait, ms; 0 only looks, negative waits for ever.</param>
    /// <returns>Message, Timeout (with or without peers) or Closed.</returns>
    public ReceiveStatus Receive(ZmtpMessage request, int timeoutMs)
    {
        ArgumentNullException.ThrowIfNull(request);
        _asking = null;
        var deadline = ZmtpClient.Deadline(timeoutMs);
        while (true)
        {
            var status = _server.Receive(request, deadline, out var peer);
            if (status != ReceiveStatus.Message) return status;
            if (TakeEnvelope(request))
            {
                _asking = peer;
                return status;
            }

            request.Clear();
            _server.Refuse(peer!, "sent a request without the empty frame that ends its envelope");
        }
    }

    /// <summary>
    /// Answers the request received last, with one frame. False when there is none, it was answered, or its sender is gone.
    /// </summary>
    /// <exception cref="ArgumentException">The reply exceeds the options' limits.</exception>
    public bool Reply(ReadOnlySpan<byte> reply)
    {
        if (_asking is not { IsClosed: false } peer) return false;
        _asking = null;
        var wire = _encoder.Begin().AddRaw(_envelope.AsSpan(0, _envelopeBytes)).Add(reply, more: false).Wire;
        return peer.Connection.Send(wire);
    }

    public void Dispose() => _server.Dispose();

    // Everything up to the empty frame is the way back through ROUTERs; kept in wire form, it opens the reply.
    private bool TakeEnvelope(ZmtpMessage request)
    {
        _envelopeBytes = 0;
        for (var i = 0; i < request.FrameCount - 1; i++)
        {
            var frame = request[i];
            if (_envelopeBytes + frame.Length + FrameWriter.MaxHeaderBytes > _envelope.Length) return false;
            _envelopeBytes += FrameWriter.Write(_envelope.AsSpan(_envelopeBytes), frame, FrameWriter.More);
            if (frame.Length > 0) continue;
            request.HideFrames(i + 1);
            return true;
        }

        return false;
    }
}
