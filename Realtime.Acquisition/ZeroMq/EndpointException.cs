namespace Realtime.Acquisition.ZeroMq;

/// <summary>An endpoint could not be bound; the message says which one and what to do.</summary>
public class EndpointException(ZmtpEndpoint endpoint, string message, Exception? inner = null) : IOException(message, inner)
{
    public ZmtpEndpoint Endpoint { get; } = endpoint;
}
