using Microsoft.Extensions.Logging;
using Realtime.Acquisition.ZeroMq.Wire;
using Realtime.Engine.Time;

namespace Realtime.Acquisition.ZeroMq;

/// <summary>
/// Gives each message to one PULL socket: to the one that it connects to, or, when bound, to its pullers in turn, passing over full ones.
/// A message is never dropped silently: when no puller takes it in time, the send says so. One thread sends; <see cref="Dispose"/> any.
/// </summary>
public sealed class PushSocket : IDisposable
{
    private readonly ZmtpClient? _client;
    private readonly SendServer? _server;
    private readonly FrameEncoder _encoder;
    private long _drainedNs;
    private uint _turn;

    private PushSocket(ZmtpClient? client, SendServer? server, ZmtpOptions options)
    {
        _client = client;
        _server = server;
        _encoder = new FrameEncoder(FrameLimits.From(options));
    }

    /// <summary>The port listened on; 0 for a socket that connects.</summary>
    public int Port => _server?.Port ?? 0;

    /// <summary>Pullers that have shaken hands.</summary>
    public int PeerCount => _server?.Peers.Length ?? (_client!.IsConnected ? 1 : 0);

    public string? LastError => _server is not null ? _server.LastError : _client!.LastError;

    /// <summary>A socket that connects, and connects again after every loss.</summary>
    /// <exception cref="ArgumentException">The endpoint is a wildcard, or an option is out of range.</exception>
    public static PushSocket Connect(ZmtpEndpoint endpoint, ZmtpOptions? options = null, ILogger? log = null)
    {
        options ??= ZmtpOptions.Default;
        return new PushSocket(new ZmtpClient(endpoint, ZmtpSocketType.Push, options, log), null, options);
    }

    /// <summary>A socket that listens.</summary>
    /// <exception cref="EndpointInUseException">Something listens there already.</exception>
    /// <exception cref="EndpointException">The endpoint cannot be bound for another reason.</exception>
    public static PushSocket Bind(ZmtpEndpoint endpoint, ZmtpOptions? options = null, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        options ??= ZmtpOptions.Default;
        options.Validate();
        return new PushSocket(null, new SendServer(endpoint, ZmtpSocketType.Push, options, log), options);
    }

    /// <summary>Sends a message of one frame; false when no puller took it within the time.</summary>
    /// <exception cref="ArgumentException">It exceeds the options' limits.</exception>
    public bool Send(ReadOnlySpan<byte> frame, int timeoutMs) => SendWire(_encoder.Begin().Add(frame, more: false).Wire, timeoutMs);

    /// <summary>Sends a message of two frames; false when no puller took it within the time.</summary>
    /// <exception cref="ArgumentException">It exceeds the options' limits.</exception>
    public bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int timeoutMs) =>
        SendWire(_encoder.Begin().Add(first, more: true).Add(second, more: false).Wire, timeoutMs);

    /// <summary>Waits until the kernel has taken every message; false when the time ends first.</summary>
    public bool Flush(int timeoutMs) =>
        _server is not null ? _server.Flush(timeoutMs) : _client!.FlushOutput(ZmtpClient.Deadline(timeoutMs));

    public void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
    }

    private bool SendWire(ReadOnlySpan<byte> wire, int timeoutMs)
    {
        var deadline = ZmtpClient.Deadline(timeoutMs);
        return _client is not null ? SendConnected(_client, wire, deadline) : SendBound(_server!, wire, deadline);
    }

    private bool SendConnected(ZmtpClient client, ReadOnlySpan<byte> wire, long deadline)
    {
        // The puller's PINGs are answered here, often enough for any heartbeat and without a system call for each message.
        const long drainNs = 10_000_000;
        try
        {
            var now = MonotonicClock.Instance.NowNs;
            if (now - _drainedNs > drainNs)
            {
                _drainedNs = now;
                client.DrainInput();
            }

            return client.Send(wire, deadline);
        }
        catch (ObjectDisposedException) when (client.IsClosed)
        {
            return false;
        }
    }

    private bool SendBound(SendServer server, ReadOnlySpan<byte> wire, long deadline)
    {
        while (!server.IsClosed)
        {
            var peers = server.Peers;
            for (var i = 0; i < peers.Length; i++)
            {
                if (server.TrySend(peers[(int)(_turn++ % (uint)peers.Length)], wire)) return true;
            }

            if (MonotonicClock.Instance.NowNs >= deadline) return false;
            Thread.Sleep(1);
        }

        return false;
    }
}
