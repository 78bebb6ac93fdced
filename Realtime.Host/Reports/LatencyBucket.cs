namespace Realtime.Host.Reports;

/// <summary>One bar of a latency histogram.</summary>
/// <param name="LowerUs">Smallest time counted, microseconds, inclusive.</param>
/// <param name="UpperUs">Largest time counted, microseconds, exclusive.</param>
/// <param name="Count">Ticks counted.</param>
public readonly record struct LatencyBucket(double LowerUs, double UpperUs, long Count);
