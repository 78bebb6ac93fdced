namespace Realtime.Host.Reports;

/// <summary>A distribution of times, microseconds; never a mean alone, and never without its count.</summary>
public sealed record PercentilesReport
{
    public double P50 { get; init; }

    public double P99 { get; init; }

    public double P999 { get; init; }

    public double P9999 { get; init; }

    public double Max { get; init; }

    public long Count { get; init; }
}
