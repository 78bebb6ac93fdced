using Microsoft.Extensions.Logging;
using Realtime.Acquisition.ZeroMq.Wire;

namespace Realtime.Acquisition.ZeroMq;

/// <summary>
/// Publishes to any number of subscribers (SUB or XSUB). <see cref="Send(ReadOnlySpan{byte})"/> writes to the sockets from the caller's
/// thread when it can and otherwise leaves the message in that peer's queue, which a background thread empties; accepting, handshakes and
/// subscriptions are that thread's work too. A slow peer loses its own messages and nobody else's.
/// </summary>
/// <remarks>One thread sends; counters, waits and <see cref="Dispose"/> are for any. Nothing is allocated for a message.</remarks>
public sealed class PubSocket : IDisposable
{
    private readonly SendServer _server;
    private readonly FrameEncoder _encoder;
    private long _messages;

    /// <exception cref="EndpointInUseException">Something listens there already.</exception>
    /// <exception cref="EndpointException">The endpoint cannot be bound for another reason.</exception>
    public PubSocket(ZmtpEndpoint bind, ZmtpOptions? options = null, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(bind);
        options ??= ZmtpOptions.Default;
        options.Validate();
        _encoder = new FrameEncoder(FrameLimits.From(options));
        _server = new SendServer(bind, ZmtpSocketType.Pub, options, log);
    }

    /// <summary>The port listened on: the one asked for, or the one the system chose for port 0.</summary>
    public int Port => _server.Port;

    /// <summary>Peers that have shaken hands.</summary>
    public int PeerCount => _server.Peers.Length;

    /// <summary>Subscriptions of all peers together.</summary>
    public int SubscriptionCount => _server.Peers.Sum(p => p.Subscriptions.Count);

    /// <summary>The books of the peers that are connected now.</summary>
    public IReadOnlyList<PubPeerStatistics> Peers => _server.Statistics();

    /// <summary>Calls of Send.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Messages that the kernel has taken whole, counted once for each peer, past peers included.</summary>
    public long Sent => _server.Sent;

    /// <summary>Messages lost to a full queue or to the end of a connection, counted once for each peer, past peers included.</summary>
    public long Dropped => _server.Dropped;

    /// <summary>Why a peer was refused or lost the last time; null when that has never been.</summary>
    public string? LastError => _server.LastError;

    /// <summary>Sends a message of one frame to the peers that asked for it.</summary>
    /// <exception cref="ArgumentException">It exceeds the options' limits.</exception>
    public void Send(ReadOnlySpan<byte> frame) => Publish(frame, _encoder.Begin().Add(frame, more: false).Wire);

    /// <summary>Sends a message of two frames; the first is the one that subscriptions are compared with.</summary>
    /// <exception cref="ArgumentException">It exceeds the options' limits.</exception>
    public void Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        Publish(first, _encoder.Begin().Add(first, more: true).Add(second, more: false).Wire);

    /// <summary>Sends a message of three frames; the first is the one that subscriptions are compared with.</summary>
    /// <exception cref="ArgumentException">It exceeds the options' limits.</exception>
    public void Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        Publish(first, _encoder.Begin().Add(first, more: true).Add(second, more: true).Add(third, more: false).Wire);

    /// <summary>
    /// Waits until so many peers have subscribed to something; false when the time ends first. Not for the sending thread of a live
    /// run.
    /// </summary>
    public bool WaitForSubscriber(int count, int timeoutMs) =>
        _server.WaitUntil(s => s.Peers.Count(p => p.Subscriptions.Count > 0) >= count, timeoutMs);

    /// <summary>Waits until no message is queued for any peer; false when the time ends first.</summary>
    public bool Flush(int timeoutMs) => _server.Flush(timeoutMs);

    /// <summary>Closes all connections. What is still queued is lost: call <see cref="Flush"/> first to keep it.</summary>
    public void Dispose() => _server.Dispose();

    private void Publish(ReadOnlySpan<byte> first, ReadOnlySpan<byte> wire)
    {
        Volatile.Write(ref _messages, _messages + 1);
        foreach (var peer in _server.Peers)
        {
            if (peer.Subscriptions.Matches(first)) _server.Send(peer, wire);
        }
    }
}
