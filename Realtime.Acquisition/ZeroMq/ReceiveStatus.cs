namespace Realtime.Acquisition.ZeroMq;

/// <summary>How a receive ended.</summary>
public enum ReceiveStatus
{
    /// <summary>A message was received.</summary>
    Message,

    /// <summary>The connection stands, but no message came within the time.</summary>
    Timeout,

    /// <summary>The connection was lost just now, or was not there at the end of the time. Receiving again goes on to reconnect.</summary>
    Disconnected,

    /// <summary>The socket was disposed.</summary>
    Closed,
}
