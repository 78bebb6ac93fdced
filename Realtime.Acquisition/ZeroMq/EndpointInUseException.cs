namespace Realtime.Acquisition.ZeroMq;

/// <summary>Another socket already listens on the endpoint.</summary>
public sealed class EndpointInUseException(ZmtpEndpoint endpoint, Exception? inner = null) : EndpointException(
    endpoint,
    $"{endpoint} is in use by another program (or another run of this one). Stop that program, or choose another port for this output.",
    inner);
