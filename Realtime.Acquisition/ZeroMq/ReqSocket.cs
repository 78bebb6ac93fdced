using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Realtime.Acquisition.ZeroMq.Wire;

namespace Realtime.Acquisition.ZeroMq;

/// <summary>
/// Asks a REP or ROUTER and waits for the answer. A lost or late answer never wedges it: the connection is then given up, so that the
/// answer cannot be taken for that of a later request, and the next request connects again. One thread.
/// </summary>
public sealed class ReqSocket : IDisposable
{
    private readonly ZmtpClient _client;
    private readonly FrameEncoder _encoder;

    /// <exception cref="ArgumentException">The endpoint is a wildcard, or an option is out of range.</exception>
    public ReqSocket(ZmtpEndpoint connect, ZmtpOptions? options = null, ILogger? log = null)
    {
        _client = new ZmtpClient(connect, ZmtpSocketType.Req, options, log);
        _encoder = new FrameEncoder(FrameLimits.From(_client.Options));
    }

    public bool IsConnected => _client.IsConnected;

    /// <summary>Handshakes completed.</summary>
    public long Connections => _client.Connections;

    public string? LastError => _client.LastError;

    /// <summary>
    /// Sends a request of one frame and waits for its reply. It is never sent a second time: the peer may have acted on it.
    /// </summary>
    /// <param name="request">The request's body.</param>
    /// <param name="reply">Made by the caller once; holds the reply's frames until the next call.</param>
    /// <param name="timeoutMs">Longest wait for connecting, sending and the reply together, ms.</param>
    /// <param name="error">Why there is no reply, when false is returned.</param>
    /// <exception cref="ArgumentException">The request exceeds the options' limits.</exception>
    public bool TryRequest(ReadOnlySpan<byte> request, ZmtpMessage reply, int timeoutMs, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(reply);
        error = null;
        var wire = _encoder.Begin().Add([], more: true).Add(request, more: false).Wire;
        var deadline = ZmtpClient.Deadline(timeoutMs);
        try
        {
            // A connection that ended since the last request shows now, before the request is trusted to it.
            _client.DrainInput();
            if (!_client.Send(wire, deadline))
            {
                error = _client.IsClosed
                    ? "the socket is closed"
                    : $"the request could not be sent within {timeoutMs} ms: {_client.LastError ?? "no connection yet"}";
                _client.Abandon("did not take a request in time");
                return false;
            }

            return TryReceiveReply(reply, deadline, timeoutMs, out error);
        }
        catch (ObjectDisposedException) when (_client.IsClosed)
        {
            error = "the socket is closed";
            return false;
        }
    }

    public void Dispose() => _client.Dispose();

    private bool TryReceiveReply(ZmtpMessage reply, long deadline, int timeoutMs, [NotNullWhen(false)] out string? error)
    {
        switch (_client.ReceiveUntil(reply, deadline))
        {
            case ReceiveStatus.Message when reply.FrameCount >= 2 && reply[0].Length == 0:
                reply.HideFrames(1);
                error = null;
                return true;
            case ReceiveStatus.Message:
                reply.Clear();
                _client.Abandon("sent a reply without the empty frame that ends its envelope");
                error = "the reply was no reply: its envelope does not end with an empty frame";
                return false;
            case ReceiveStatus.Timeout:
                _client.Abandon($"did not reply within {timeoutMs} ms");
                error = $"no reply within {timeoutMs} ms";
                return false;
            case ReceiveStatus.Closed:
                error = "the socket is closed";
                return false;
            default:
                error = $"the connection was lost before the reply: {_client.LastError}";
                return false;
        }
    }
}
