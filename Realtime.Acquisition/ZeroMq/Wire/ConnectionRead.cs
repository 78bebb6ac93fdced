namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>What one non-blocking step of a connection came to.</summary>
internal enum ConnectionRead
{
    /// <summary>The handshake has just succeeded; what the peer sent after it is still to be read.</summary>
    Opened,

    /// <summary>A message is there.</summary>
    Message,

    /// <summary>A subscription or cancellation is there (<see cref="ZmtpConnection.Subscription"/>).</summary>
    Subscription,

    /// <summary>Nothing more to read now.</summary>
    Blocked,

    /// <summary>The connection has failed; <see cref="ZmtpConnection.Failure"/> says why.</summary>
    Failed,
}
