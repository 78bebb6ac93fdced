using Microsoft.Extensions.Logging;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// A listening socket that receives on the caller's thread, from one peer after the other. One thread; <see cref="Dispose"/> any.
/// </summary>
internal sealed class ReceiveServer : IDisposable
{
    // Longest sleep in one piece: heartbeats and time limits are looked at this often.
    private const int SliceMs = 50;

    private readonly ZmtpServer _server;
    private readonly bool _spin;
    private readonly Lock _lock = new();
    private volatile bool _closed;
    private bool _disposed;

    public ReceiveServer(ZmtpEndpoint bind, ZmtpSocketType type, ZmtpOptions options, ILogger? log)
    {
        _spin = options.Spin;
        _server = new ZmtpServer(bind, type, options, log, FrameLimits.From(options), queues: false);
    }

    public int Port => _server.Port;

    public int PeerCount => _server.Peers.Length;

    public string? LastError => _server.Log.LastError;

    /// <summary>The next message and who sent it. Message, Timeout or Closed.</summary>
    public ReceiveStatus Receive(ZmtpMessage message, long deadlineNs, out ServerPeer? sender)
    {
        sender = null;
        lock (_lock)
        {
            while (!_closed)
            {
                if (_server.TryReceive(message, out sender, out var kind))
                {
                    if (kind == ConnectionRead.Message) return ReceiveStatus.Message;
                    continue;
                }

                var left = deadlineNs - MonotonicClock.Instance.NowNs;
                _server.Wait(_spin || left <= 0 ? 0 : (int)Math.Min(SliceMs, left / 1_000_000 + 1));
                if (left > 0) continue;

                // What the last look at the sockets brought still counts.
                if (_server.TryReceive(message, out sender, out kind) && kind == ConnectionRead.Message) return ReceiveStatus.Message;
                return ReceiveStatus.Timeout;
            }

            DisposeServer();
            return ReceiveStatus.Closed;
        }
    }

    /// <summary>Closes a peer with a reason.</summary>
    public void Refuse(ServerPeer peer, string reason) => _server.Refuse(peer, reason);

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _server.Waker.Wake();
        lock (_lock) DisposeServer();
    }

    private void DisposeServer()
    {
        if (_disposed) return;
        _disposed = true;
        _server.Dispose();
    }
}
