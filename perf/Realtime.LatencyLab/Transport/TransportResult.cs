namespace Realtime.LatencyLab.Transport;

/// <summary>One transport's row. Latencies in microseconds, flood rate in thousand messages a second.</summary>
internal sealed record TransportResult(string Transport, LatencySummary OneWay, LatencySummary RoundTrip, double FloodKiloMessages);
