namespace Realtime.Host.Configuration;

/// <summary>The ZeroMQ PUB socket that sends one message per tick.</summary>
public sealed record PredictionsConfig
{
    /// <summary>Address of the network card that the socket is bound to; 127.0.0.1 = this machine only.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    public int Port { get; init; } = 5560;

    /// <summary>Messages kept for a subscriber that is slow; more are lost to that subscriber and counted.</summary>
    public int HighWaterMark { get; init; } = 1000;
}
