using Microsoft.Extensions.Logging;
using Realtime.Acquisition.ZeroMq.Wire;

namespace Realtime.Acquisition.ZeroMq;

/// <summary>
/// Subscribes to a publisher (PUB or XPUB). All work happens on the receiving thread: no thread hop, no allocation for a message. It
/// connects by itself, and again after every loss, sending its subscriptions anew. One thread; <see cref="Dispose"/> and the counters any.
/// </summary>
public sealed class SubSocket : IDisposable
{
    private readonly ZmtpClient _client;
    private readonly SubscriptionSet _subscriptions = new();
    private readonly byte[] _frame = new byte[FrameLimits.CommandBytes + FrameWriter.MaxHeaderBytes];

    /// <summary>Connects in the background of the receives; no call here waits for the peer.</summary>
    /// <exception cref="ArgumentException">The endpoint is a wildcard, or an option is out of range.</exception>
    public SubSocket(ZmtpEndpoint connect, ZmtpOptions? options = null, ILogger? log = null) =>
        _client = new ZmtpClient(connect, ZmtpSocketType.Sub, options, log, SendSubscriptions);

    /// <summary>A publisher is there and has shaken hands.</summary>
    public bool IsConnected => _client.IsConnected;

    /// <summary>Handshakes completed; above 1 the publisher has come back.</summary>
    public long Connections => _client.Connections;

    /// <summary>Messages that arrived and matched no subscription (a cancellation was still on its way).</summary>
    public long Filtered { get; private set; }

    /// <summary>Why there was no connection the last time there was none; null when that has never been.</summary>
    public string? LastError => _client.LastError;

    /// <summary>
    /// Asks for messages whose first frame starts with the prefix; an empty prefix asks for all. Holds across reconnects.
    /// </summary>
    /// <exception cref="ArgumentException">The prefix is longer than 4095 bytes, or there are too many prefixes.</exception>
    public void Subscribe(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length >= FrameLimits.CommandBytes)
        {
            throw new ArgumentException($"A prefix may have at most {FrameLimits.CommandBytes - 1} bytes.", nameof(prefix));
        }
        if (_subscriptions.Count == _client.Options.MaxSubscriptionsPerPeer && !_subscriptions.Contains(prefix))
        {
            throw new ArgumentException(
                $"More than {_client.Options.MaxSubscriptionsPerPeer} prefixes (option {nameof(ZmtpOptions.MaxSubscriptionsPerPeer)}).",
                nameof(prefix));
        }

        if (_subscriptions.Add(prefix) && _client.Open is { } open) open.Send(Encode(1, prefix));
    }

    /// <summary>Takes one <see cref="Subscribe"/> of the same prefix back.</summary>
    public void Unsubscribe(ReadOnlySpan<byte> prefix)
    {
        if (_subscriptions.Remove(prefix) && _client.Open is { } open) open.Send(Encode(0, prefix));
    }

    /// <summary>Receives the next message that matches a subscription.</summary>
    /// <param name="message">Made by the caller once; valid until the next call.</param>
    /// <param name="timeoutMs">Longest wait, ms; 0 only looks, negative waits for ever.</param>
    public ReceiveStatus Receive(ZmtpMessage message, int timeoutMs)
    {
        var status = _client.Receive(message, timeoutMs);
        if (status != ReceiveStatus.Message || _subscriptions.Matches(message[0])) return status;
        return ReceiveMatching(message, timeoutMs);
    }

    public void Dispose() => _client.Dispose();

    private ReceiveStatus ReceiveMatching(ZmtpMessage message, int timeoutMs)
    {
        var deadline = ZmtpClient.Deadline(timeoutMs);
        ReceiveStatus status;
        do
        {
            Filtered++;
            message.Clear();
            if (_client.IsClosed) return ReceiveStatus.Closed;
            status = _client.ReceiveUntil(message, deadline);
        }
        while (status == ReceiveStatus.Message && !_subscriptions.Matches(message[0]));
        return status;
    }

    private void SendSubscriptions(ZmtpConnection connection)
    {
        foreach (var prefix in _subscriptions.Prefixes) connection.Queue(Encode(1, prefix));
    }

    // ZMTP 3.0: a message whose first byte is 1 to subscribe, 0 to cancel.
    private ReadOnlySpan<byte> Encode(byte verb, ReadOnlySpan<byte> prefix)
    {
        var header = FrameWriter.WriteHeader(_frame, prefix.Length + 1, 0);
        _frame[header] = verb;
        prefix.CopyTo(_frame.AsSpan(header + 1));
        return _frame.AsSpan(0, header + 1 + prefix.Length);
    }
}
