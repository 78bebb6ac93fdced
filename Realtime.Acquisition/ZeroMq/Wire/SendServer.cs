using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// A listening socket that sends: a <see cref="ZmtpServer"/> driven by a background thread, and the sending thread's way to its peers.
/// </summary>
internal sealed class SendServer : IDisposable
{
    // Heartbeats and time limits are looked at this often when nothing happens.
    private const int TendMs = 50;

    // How long a waiting sender sleeps at the socket before it looks again whether the peer is still there.
    private const int WaitSliceUs = 10_000;

    private const int JoinMs = 5_000;

    // Sums of past peers are folded into one once there are more than this many; the latest may still be in the sender's hands.
    private const int KeptPastPeers = 16;

    private readonly ZmtpServer _server;
    private readonly ZmtpOptions _options;
    private readonly ZmtpSocketType _type;
    private readonly Thread _thread;
    private readonly Lock _pastLock = new();
    private readonly Queue<ServerPeer> _past = new();
    private long _pastSent;
    private long _pastDropped;
    private volatile bool _stop;

    public SendServer(ZmtpEndpoint bind, ZmtpSocketType type, ZmtpOptions options, ILogger? log)
    {
        _options = options;
        _type = type;
        _server = new ZmtpServer(bind, type, options, log, FrameLimits.Subscriptions, queues: true) { PeerClosed = KeepBooks };
        _thread = new Thread(Run) { IsBackground = true, Name = $"zmtp {type} {_server.Port}" };
        _thread.Start();
    }

    public int Port => _server.Port;

    public ServerPeer[] Peers => _server.Peers;

    public string? LastError => _server.Log.LastError;

    public bool IsClosed => _stop;

    public long Sent => Total(p => p.Sent, ref _pastSent);

    public long Dropped => Total(p => p.Dropped, ref _pastDropped);

    public List<PubPeerStatistics> Statistics() =>
        [.. Peers.Select(p => new PubPeerStatistics(p.Address, p.Subscriptions.Count, p.Sent, p.Dropped, p.Queued))];

    /// <summary>
    /// Sends, queues, drops or waits for room, as the options say. True unless the peer did not get the message. Sending thread.
    /// </summary>
    public bool Send(ServerPeer peer, ReadOnlySpan<byte> wire)
    {
        while (true)
        {
            if (peer.IsClosed) return false;
            if (peer.TrySend(wire, out var mustFlush))
            {
                if (mustFlush) _server.Waker.Wake();
                return true;
            }

            if (_options.Overflow == OverflowPolicy.Drop || _stop)
            {
                peer.CountRefused();
                return false;
            }

            peer.HelpFlush(WaitSliceUs);
        }
    }

    /// <summary>Sends to the peer if it has room now; counts nothing if it has not. Sending thread.</summary>
    public bool TrySend(ServerPeer peer, ReadOnlySpan<byte> wire)
    {
        if (peer.IsClosed || !peer.TrySend(wire, out var mustFlush)) return false;
        if (mustFlush) _server.Waker.Wake();
        return true;
    }

    public bool Flush(int timeoutMs) => WaitUntil(s => s.Peers.All(p => p.Queued == 0), timeoutMs);

    public bool WaitUntil(Func<SendServer, bool> condition, int timeoutMs)
    {
        var deadline = ZmtpClient.Deadline(timeoutMs);
        while (!condition(this))
        {
            if (_stop || MonotonicClock.Instance.NowNs >= deadline) return false;
            Thread.Sleep(1);
        }

        return true;
    }

    public void Dispose()
    {
        if (_stop) return;
        _stop = true;
        _server.Waker.Wake();
        _thread.Join(JoinMs);
    }

    private void Run()
    {
        var message = new ZmtpMessage();
        while (!_stop)
        {
            try
            {
                Round(message);
            }
            catch (SocketException e)
            {
                // No system call of a round fails for what a peer does; if one fails for lack of memory, the outputs still go on.
                _server.Log.Warn($"{_server.Endpoint}: {e.Message}", MonotonicClock.Instance.NowNs);
                Thread.Sleep(TendMs);
            }
        }

        _server.Dispose();
    }

    private void Round(ZmtpMessage message)
    {
        _server.Wait(TendMs);
        while (_server.TryReceive(message, out var peer, out var kind))
        {
            if (_type != ZmtpSocketType.Pub) continue;
            if (kind == ConnectionRead.Subscription) Change(peer, peer.Connection.Subscription, !peer.Connection.IsCancel);
            else if (message.FrameCount == 1 && message[0].Length > 0 && message[0][0] <= 1)
            {
                Change(peer, message[0][1..], message[0][0] == 1);
            }
        }
    }

    private void Change(ServerPeer peer, ReadOnlySpan<byte> prefix, bool add)
    {
        if (!add)
        {
            peer.Subscriptions.Remove(prefix);
            return;
        }

        if (peer.Subscriptions.Count == _options.MaxSubscriptionsPerPeer && !peer.Subscriptions.Contains(prefix))
        {
            _server.Refuse(
                peer,
                $"asked for more than {_options.MaxSubscriptionsPerPeer} prefixes (option {nameof(ZmtpOptions.MaxSubscriptionsPerPeer)})");
            return;
        }

        peer.Subscriptions.Add(prefix);
    }

    private void KeepBooks(ServerPeer peer)
    {
        lock (_pastLock)
        {
            _past.Enqueue(peer);
            if (_past.Count <= KeptPastPeers) return;
            var settled = _past.Dequeue();
            _pastSent += settled.Sent;
            _pastDropped += settled.Dropped;
        }
    }

    private long Total(Func<ServerPeer, long> count, ref long past)
    {
        lock (_pastLock)
        {
            var total = past + _past.Sum(count);
            foreach (var peer in Peers)
            {
                if (!_past.Contains(peer)) total += count(peer);
            }

            return total;
        }
    }
}
