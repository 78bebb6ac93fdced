using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>
/// The connecting side of a socket: resolves, connects, shakes hands, reads, and connects again for ever, all on the caller's thread and
/// never longer than the caller's time. One thread, but for <see cref="Dispose"/>.
/// </summary>
internal sealed class ZmtpClient : IDisposable
{
    private const long NsPerMs = 1_000_000;

    // Longest sleep in one piece, so that a dispose from another thread is seen soon.
    private const long SliceNs = 100 * NsPerMs;

    // A sleep while a connection is being built, where there is no descriptor to wait on.
    private const long ShortSliceNs = 10 * NsPerMs;

    private readonly ZmtpEndpoint _endpoint;
    private readonly ZmtpSocketType _type;
    private readonly ZmtpOptions _options;
    private readonly PeerLog _log;
    private readonly ReconnectBackoff _backoff;
    private readonly FrameLimits _limits;
    private readonly Action<ZmtpConnection>? _opened;
    private readonly ZmtpMessage _scratch = new();
    private ZmtpConnection? _connection;
    private Socket? _connecting;
    private Task<IPAddress[]>? _resolving;
    private IPAddress[]? _addresses;
    private int _attempt;
    private long _connectDeadlineNs;
    private long _retryNs;
    private volatile bool _closed;

    /// <param name="endpoint">Where the peer listens.</param>
    /// <param name="type">Our socket type.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="log">Where reasons go; null for nowhere.</param>
    /// <param name="opened">Called on the caller's thread when a handshake has succeeded: subscriptions are sent from here.</param>
    public ZmtpClient(ZmtpEndpoint endpoint, ZmtpSocketType type, ZmtpOptions? options, ILogger? log, Action<ZmtpConnection>? opened = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.IsWildcard || endpoint.Port == 0)
        {
            throw new ArgumentException($"{endpoint} cannot be connected to; name a host and a port.", nameof(endpoint));
        }
        _endpoint = endpoint;
        _type = type;
        _options = options ?? ZmtpOptions.Default;
        _options.Validate();
        _log = new PeerLog(log);
        _backoff = new ReconnectBackoff(_options.ReconnectMinMs, _options.ReconnectMaxMs, new Random());
        _limits = FrameLimits.From(_options);
        _opened = opened;
        if (endpoint.TryGetAddress(out var address)) _addresses = [address];
    }

    /// <summary>The handshake stands. Any thread.</summary>
    public bool IsConnected => Volatile.Read(ref _connection) is { IsOpen: true, Failure: null };

    /// <summary>Handshakes completed so far. Any thread.</summary>
    public long Connections { get; private set; }

    public string? LastError => _log.LastError;

    public ZmtpOptions Options => _options;

    public bool IsClosed => _closed;

    /// <summary>The open connection, or null.</summary>
    public ZmtpConnection? Open => _connection is { IsOpen: true, Failure: null } open ? open : null;

    /// <summary>Monotonic time at which a wait of so many ms ends; negative waits for ever.</summary>
    public static long Deadline(int timeoutMs) => timeoutMs < 0 ? long.MaxValue : MonotonicClock.Instance.NowNs + timeoutMs * NsPerMs;

    /// <summary>The next message. See <see cref="ReceiveStatus"/>; bytes are taken from the kernel only here.</summary>
    public ReceiveStatus Receive(ZmtpMessage message, int timeoutMs)
    {
        if (_closed) return Close();
        try
        {
            // The usual case first: no clock is read for a message that is there.
            if (Open is { } open)
            {
                var read = open.Read(message);
                if (read == ConnectionRead.Message) return ReceiveStatus.Message;
                if (read == ConnectionRead.Failed)
                {
                    Drop(MonotonicClock.Instance.NowNs);
                    return ReceiveStatus.Disconnected;
                }
            }

            return ReceiveUntil(message, Deadline(timeoutMs));
        }
        catch (ObjectDisposedException) when (_closed)
        {
            return Close();
        }
    }

    /// <summary>As <see cref="Receive"/>, to a monotonic time.</summary>
    public ReceiveStatus ReceiveUntil(ZmtpMessage message, long deadlineNs)
    {
        while (!_closed)
        {
            var now = MonotonicClock.Instance.NowNs;
            if (Open is { } open)
            {
                switch (open.Read(message))
                {
                    case ConnectionRead.Message:
                        return ReceiveStatus.Message;
                    case ConnectionRead.Failed:
                        Drop(now);
                        return ReceiveStatus.Disconnected;
                    default:
                        break;
                }

                if ((open.HasPendingOutput && !open.Flush()) || !open.KeepAlive(now))
                {
                    Drop(now);
                    return ReceiveStatus.Disconnected;
                }

                if (now >= deadlineNs) return ReceiveStatus.Timeout;
                if (!_options.Spin) WaitReadable(open.Socket, Math.Min(deadlineNs - now, open.HasPendingOutput ? ShortSliceNs : SliceNs));
            }
            else if (!Advance(now))
            {
                if (now >= deadlineNs) return ReceiveStatus.Disconnected;
                WaitForProgress(Math.Min(deadlineNs - now, SliceNs), now);
            }
        }

        return Close();
    }

    /// <summary>
    /// Sends one encoded message, connecting first where needed. True when the kernel or our own buffer holds all of it; false when the
    /// time ended or the connection broke first, and then none of it will be delivered later.
    /// </summary>
    public bool Send(ReadOnlySpan<byte> wire, long deadlineNs)
    {
        while (!_closed)
        {
            var now = MonotonicClock.Instance.NowNs;
            if (Open is { } open)
            {
                if (!open.Flush() || !open.KeepAlive(now)) Drop(now);
                else if (!open.HasPendingOutput)
                {
                    if (open.Send(wire)) return true;
                    Drop(now);
                    return false;
                }
                else if (now >= deadlineNs) return false;
                else WaitWritable(open.Socket, Math.Min(deadlineNs - now, SliceNs));
            }
            else if (!Advance(now))
            {
                if (now >= deadlineNs) return false;
                WaitForProgress(Math.Min(deadlineNs - now, SliceNs), now);
            }
        }

        Close();
        return false;
    }

    /// <summary>Waits until the kernel has taken all that was sent; false when the time ends or the connection is lost first.</summary>
    public bool FlushOutput(long deadlineNs)
    {
        while (!_closed && Open is { } open)
        {
            if (!open.Flush()) return false;
            if (!open.HasPendingOutput) return true;
            var left = deadlineNs - MonotonicClock.Instance.NowNs;
            if (left <= 0) return false;
            WaitWritable(open.Socket, Math.Min(left, SliceNs));
        }

        return false;
    }

    /// <summary>
    /// Takes what has arrived unasked (PINGs, the end of the connection, messages that nobody waits for). False when no connection stands.
    /// </summary>
    public bool DrainInput()
    {
        while (Open is { } open)
        {
            switch (open.Read(_scratch))
            {
                case ConnectionRead.Failed:
                    Drop(MonotonicClock.Instance.NowNs);
                    return false;
                case ConnectionRead.Message:
                    continue;
                default:
                    return true;
            }
        }

        return false;
    }

    /// <summary>Gives the connection up for a reason of the caller's; the next call connects again at once.</summary>
    public void Abandon(string reason)
    {
        if (_connection is null) return;
        var now = MonotonicClock.Instance.NowNs;
        _connection.Fail(reason);
        Drop(now);
        _retryNs = now;
    }

    public void Dispose()
    {
        _closed = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _connection)?.Dispose();
        Volatile.Read(ref _connecting)?.Dispose();
    }

    // One step towards an open connection. True when it is open now.
    private bool Advance(long now)
    {
        if (_connection is { } connection)
        {
            var read = connection.Read(_scratch);
            if (read == ConnectionRead.Failed || !connection.Flush() || (!connection.IsOpen && !connection.KeepAlive(now))) Drop(now);
            else if (read == ConnectionRead.Opened) return Announce(connection);
            return false;
        }

        if (_connecting is not null) return FinishConnect(now);
        if (now < _retryNs) return false;
        if (_addresses is null && !Resolve(now)) return false;
        StartConnect(now, _addresses!);
        return false;
    }

    private bool Announce(ZmtpConnection connection)
    {
        Connections++;
        _backoff.Reset();
        _log.Info($"connected to {_endpoint}");
        _opened?.Invoke(connection);
        return connection.Flush();
    }

    private bool Resolve(long now)
    {
        _resolving ??= Dns.GetHostAddressesAsync(_endpoint.Host);
        if (!_resolving.IsCompleted) return false;
        var task = _resolving;
        _resolving = null;
        if (task.IsCompletedSuccessfully && task.Result.Length > 0)
        {
            // IPv4 first: libzmq listens on IPv4 only unless told otherwise.
            _addresses = [.. task.Result.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)];
            return true;
        }

        var why = task.Exception?.InnerException is SocketException e ? ZmtpConnection.Describe(e.SocketErrorCode) : "no address";
        Retry(now, $"{_endpoint}: the host name '{_endpoint.Host}' could not be resolved ({why})");
        return false;
    }

    private void StartConnect(long now, IPAddress[] addresses)
    {
        var address = addresses[_attempt++ % addresses.Length];
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            SocketSetup.Apply(socket, _options);
            _connectDeadlineNs = now + _options.HandshakeTimeoutMs * NsPerMs;
            Volatile.Write(ref _connecting, socket);
            Interlocked.MemoryBarrier();
            if (_closed) socket.Dispose();
            socket.Connect(new IPEndPoint(address, _endpoint.Port));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // Under way; FinishConnect sees it through.
        }
        catch (SocketException e)
        {
            ConnectFailed(now, e.SocketErrorCode);
        }
    }

    private bool FinishConnect(long now)
    {
        var socket = _connecting!;
        var writable = socket.Poll(0, SelectMode.SelectWrite);
        var broken = socket.Poll(0, SelectMode.SelectError);
        if (!writable && !broken)
        {
            if (now >= _connectDeadlineNs) ConnectFailed(now, SocketError.TimedOut);
            return false;
        }

        var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            ConnectFailed(now, error);
            return false;
        }

        // A port of our own range that nobody listens on can be met by our own SYN: then we would talk to ourselves.
        if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
        {
            ConnectFailed(now, SocketError.ConnectionRefused);
            return false;
        }

        var outLimit = _limits.BufferBytes + _options.MaxSubscriptionsPerPeer * FrameLimits.CommandBytes;
        var connection = new ZmtpConnection(socket, _type, _options, _limits, fullBuffer: true, outLimit, now);
        Volatile.Write(ref _connection, connection);
        Volatile.Write(ref _connecting, null);
        Interlocked.MemoryBarrier();
        if (_closed) connection.Dispose();
        return false;
    }

    private void ConnectFailed(long now, SocketError error)
    {
        _connecting!.Dispose();
        _connecting = null;
        var hint = error == SocketError.ConnectionRefused ? "; is the program that publishes there running?" : "";
        Retry(now, $"cannot connect to {_endpoint}: {ZmtpConnection.Describe(error)}{hint}");
    }

    private void Drop(long now)
    {
        var connection = _connection!;
        var reason = connection.Failure ?? "lost";
        Volatile.Write(ref _connection, null);
        connection.Dispose();
        if (!_closed) Retry(now, $"peer at {_endpoint} {reason}");
    }

    private void Retry(long now, string reason)
    {
        _retryNs = now + _backoff.Next() * NsPerMs;
        _log.Warn(reason, now);

        // A name may have moved to another address since.
        if (!_endpoint.TryGetAddress(out _)) _addresses = null;
    }

    private void WaitForProgress(long ns, long now)
    {
        if (_connection is { } connection)
        {
            WaitReadable(connection.Socket, Math.Min(ns, ShortSliceNs));
            return;
        }

        if (_connecting is { } connecting)
        {
            WaitWritable(connecting, Math.Min(ns, ShortSliceNs));
            return;
        }

        var wait = _resolving is not null ? ShortSliceNs : Math.Max(_retryNs - now, NsPerMs);
        Thread.Sleep((int)Math.Max(1, Math.Min(ns, wait) / NsPerMs));
    }

    private static void WaitReadable(Socket socket, long ns) => socket.Poll((int)Math.Max(1, ns / 1000), SelectMode.SelectRead);

    private static void WaitWritable(Socket socket, long ns) => socket.Poll((int)Math.Max(1, ns / 1000), SelectMode.SelectWrite);

    private ReceiveStatus Close()
    {
        _connection?.Dispose();
        _connecting?.Dispose();
        return ReceiveStatus.Closed;
    }
}
