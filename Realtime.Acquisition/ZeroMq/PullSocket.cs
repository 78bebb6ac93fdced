using Microsoft.Extensions.Logging;
using Realtime.Acquisition.ZeroMq.Wire;

namespace Realtime.Acquisition.ZeroMq;

/// <summary>
/// Takes messages from PUSH sockets: from one that it connects to, or, when bound, from any number in turn. All work happens on the
/// receiving thread; a caller that does not receive slows its pushers down and loses nothing. One thread; <see cref="Dispose"/> any.
/// </summary>
public sealed class PullSocket : IDisposable
{
    private readonly ZmtpClient? _client;
    private readonly ReceiveServer? _server;

    private PullSocket(ZmtpClient? client, ReceiveServer? server)
    {
        _client = client;
        _server = server;
    }

    /// <summary>The port listened on; 0 for a socket that connects.</summary>
    public int Port => _server?.Port ?? 0;

    /// <summary>Pushers that have shaken hands.</summary>
    public int PeerCount => _server?.PeerCount ?? (_client!.IsConnected ? 1 : 0);

    public string? LastError => _server is not null ? _server.LastError : _client!.LastError;

    /// <summary>A socket that connects, and connects again after every loss.</summary>
    /// <exception cref="ArgumentException">The endpoint is a wildcard, or an option is out of range.</exception>
    public static PullSocket Connect(ZmtpEndpoint endpoint, ZmtpOptions? options = null, ILogger? log = null) =>
        new(new ZmtpClient(endpoint, ZmtpSocketType.Pull, options, log), null);

    /// <summary>A socket that listens.</summary>
    /// <exception cref="EndpointInUseException">Something listens there already.</exception>
    /// <exception cref="EndpointException">The endpoint cannot be bound for another reason.</exception>
    public static PullSocket Bind(ZmtpEndpoint endpoint, ZmtpOptions? options = null, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        options ??= ZmtpOptions.Default;
        options.Validate();
        return new PullSocket(null, new ReceiveServer(endpoint, ZmtpSocketType.Pull, options, log));
    }

    /// <summary>The next message. A bound socket never says Disconnected: pushers come and go.</summary>
    /// <param name="message">Made by the caller once; valid until the next call.</param>
    /// <param name="timeoutMs">Longest wait, ms; 0 only looks, negative waits for ever.</param>
    public ReceiveStatus Receive(ZmtpMessage message, int timeoutMs)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _client is not null ? _client.Receive(message, timeoutMs) : _server!.Receive(message, ZmtpClient.Deadline(timeoutMs), out _);
    }

    public void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
    }
}
