using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// The listening side of a socket: accepts, shakes hands, reads, flushes, and closes peers that misbehave, each with one reason. One thread
/// drives it through <see cref="Wait"/> and <see cref="TryReceive"/>; <see cref="Peers"/> may be read by any.
/// </summary>
internal sealed class ZmtpServer : IDisposable
{
    // Accepting goes on in the next round, so that a flood of connections does not keep the peers waiting.
    private const int AcceptsPerRound = 16;
    private const int Backlog = 128;

    private readonly ZmtpSocketType _type;
    private readonly ZmtpOptions _options;
    private readonly FrameLimits _limits;
    private readonly PeerLog _log;
    private readonly bool _queues;
    private readonly Socket _listener;
    private readonly List<ServerPeer> _all = [];
    private readonly List<Socket> _reads = [];
    private readonly List<Socket> _writes = [];
    private readonly Dictionary<Socket, ServerPeer> _bySocket = [];
    private ServerPeer[] _open = [];
    private int _turn;

    /// <param name="endpoint">Where to listen.</param>
    /// <param name="type">Our socket type.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="log">Where reasons go.</param>
    /// <param name="limits">What a peer may send.</param>
    /// <param name="queues">Each peer gets a queue that another thread sends through.</param>
    /// <exception cref="EndpointInUseException">Something listens there already.</exception>
    /// <exception cref="EndpointException">The endpoint cannot be bound for another reason.</exception>
    public ZmtpServer(ZmtpEndpoint endpoint, ZmtpSocketType type, ZmtpOptions options, ILogger? log, FrameLimits limits, bool queues)
    {
        _type = type;
        _options = options;
        _limits = limits;
        _log = new PeerLog(log);
        _queues = queues;
        _listener = Bind(endpoint);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        Endpoint = endpoint with { Port = Port };
    }

    public int Port { get; }

    public ZmtpEndpoint Endpoint { get; }

    public PeerLog Log => _log;

    /// <summary>Wakes <see cref="Wait"/>; any thread.</summary>
    public Waker Waker { get; } = new();

    /// <summary>Peers that have shaken hands. A new array for every change. Any thread.</summary>
    public ServerPeer[] Peers => Volatile.Read(ref _open);

    /// <summary>Called on the server's thread when a peer that had shaken hands is gone.</summary>
    public Action<ServerPeer>? PeerClosed { get; set; }

    /// <summary>
    /// Sleeps until a socket is ready or the time is over, and does what is due: accepting, flushing, heartbeats, time limits.
    /// </summary>
    public void Wait(int timeoutMs)
    {
        _reads.Clear();
        _writes.Clear();
        _reads.Add(Waker.Readable);
        _reads.Add(_listener);
        foreach (var peer in _all)
        {
            if (peer.MayRead) timeoutMs = 0;
            _reads.Add(peer.Connection.Socket);
            if (peer.WantsWrite) _writes.Add(peer.Connection.Socket);
        }

        Socket.Select(_reads, _writes.Count > 0 ? _writes : null, null, timeoutMs < 0 ? -1 : (int)Math.Min(timeoutMs * 1000L,
            int.MaxValue));
        foreach (var socket in _reads)
        {
            if (socket == Waker.Readable) Waker.Reset();
            else if (socket == _listener) Accept();
            else if (_bySocket.TryGetValue(socket, out var peer)) peer.MayRead = true;
        }

        Tend();
    }

    /// <summary>The next message of any peer, one peer after the other; false when there is none now.</summary>
    public bool TryReceive(ZmtpMessage message, [NotNullWhen(true)] out ServerPeer? sender, out ConnectionRead kind)
    {
        for (var tried = 0; tried < _all.Count; tried++)
        {
            if (_turn >= _all.Count) _turn = 0;
            var peer = _all[_turn];
            if (!peer.MayRead)
            {
                _turn++;
                continue;
            }

            kind = peer.Connection.Read(message);
            switch (kind)
            {
                case ConnectionRead.Message or ConnectionRead.Subscription:
                    _turn++;
                    sender = peer;
                    return true;
                case ConnectionRead.Opened:
                    Open(peer);
                    tried = -1;
                    break;
                case ConnectionRead.Failed:
                    Close(peer);
                    tried = -1;
                    break;
                default:
                    peer.MayRead = false;
                    if (peer.Connection.DeferOutput) peer.NoteControl();
                    _turn++;
                    break;
            }
        }

        sender = null;
        kind = ConnectionRead.Blocked;
        return false;
    }

    /// <summary>Closes a peer for a reason found by the socket's own logic.</summary>
    public void Refuse(ServerPeer peer, string reason)
    {
        peer.Connection.Fail(reason);
        Close(peer);
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var peer in _all)
        {
            peer.Dispose();
            if (peer.Connection.IsOpen) PeerClosed?.Invoke(peer);
        }

        _all.Clear();
        _bySocket.Clear();
        Volatile.Write(ref _open, []);
        Waker.Dispose();
    }

    private static Socket Bind(ZmtpEndpoint endpoint)
    {
        if (!endpoint.TryGetAddress(out var address))
        {
            throw new EndpointException(endpoint,
                $"{endpoint} cannot be bound: give the IP address of one of this machine's interfaces, or * for all of them.");
        }

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // On Windows another program could otherwise take the port over; elsewhere that cannot happen.
            if (OperatingSystem.IsWindows()) socket.ExclusiveAddressUse = true;
            socket.Bind(new IPEndPoint(address, endpoint.Port));
            socket.Listen(Backlog);
            socket.Blocking = false;
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => new EndpointInUseException(endpoint, e),
                SocketError.AccessDenied => new EndpointException(endpoint,
                    $"{endpoint}: binding is not permitted; ports below 1024 need rights, and Windows reserves some. Choose another port.",
                    e),
                SocketError.AddressNotAvailable => new EndpointException(endpoint,
                    $"{endpoint}: this machine has no such address; use 127.0.0.1, * or one of its own.", e),
                _ => new EndpointException(endpoint, $"{endpoint} cannot be bound: {e.Message}", e),
            };
        }
    }

    private static string AddressOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint ip
                ? string.Create(CultureInfo.InvariantCulture, $"{ip.Address.MapToIPv4()}:{ip.Port}")
                : "unknown";
        }
        catch (SocketException)
        {
            return "unknown";
        }
    }

    private void Accept()
    {
        for (var i = 0; i < AcceptsPerRound && _listener.Poll(0, SelectMode.SelectRead); i++)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (SocketException)
            {
                // It was gone again before we took it.
                return;
            }

            Take(socket);
        }
    }

    private void Take(Socket socket)
    {
        var now = MonotonicClock.Instance.NowNs;
        var address = AddressOf(socket);
        if (_all.Count == _options.MaxPeers)
        {
            _log.Warn(
                $"peer at {address} turned away from {Endpoint}: {_options.MaxPeers} peers are there (option {nameof(_options.MaxPeers)})",
                now);
            socket.Dispose();
            return;
        }

        try
        {
            SocketSetup.Apply(socket, _options);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return;
        }

        var outLimit = _queues ? FrameLimits.ReadAhead : _limits.BufferBytes;
        var peer = new ServerPeer(new ZmtpConnection(socket, _type, _options, _limits, fullBuffer: false, outLimit, now), address);
        _all.Add(peer);
        _bySocket.Add(socket, peer);
    }

    private void Open(ServerPeer peer)
    {
        if (_queues) peer.OpenQueue(_options, MonotonicClock.Instance.NowNs);
        Volatile.Write(ref _open, [.. _open, peer]);
    }

    private void Tend()
    {
        var now = MonotonicClock.Instance.NowNs;
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            var peer = _all[i];
            var alive = peer.Connection.KeepAlive(now, peer.WantsWrite);
            if (peer.Connection.DeferOutput) peer.NoteControl();
            if (alive) alive = peer.FlushFromServer(now, _options.StalledPeerTimeoutMs);
            if (alive && peer.SendError == SocketError.Success) continue;
            if (peer.SendError != SocketError.Success)
            {
                peer.Connection.Fail($"connection lost while sending ({ZmtpConnection.Describe(peer.SendError)})");
            }
            Close(peer);
        }
    }

    private void Close(ServerPeer peer)
    {
        var wasOpen = peer.Connection.IsOpen;

        // A peer that shook hands and goes away is daily life; anything else is worth a warning.
        var reason = $"peer at {peer.Address} on {Endpoint} {peer.Connection.Failure}";
        if (wasOpen && peer.Connection.FailureIsLoss) _log.Info(reason);
        else _log.Warn(reason, MonotonicClock.Instance.NowNs);
        peer.Dispose();
        _all.Remove(peer);
        _bySocket.Remove(peer.Connection.Socket);
        if (!wasOpen) return;
        PeerClosed?.Invoke(peer);
        Volatile.Write(ref _open, [.. _open.Where(p => p != peer)]);
    }
}
