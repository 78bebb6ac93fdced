namespace Realtime.Host.Reports;

/// <summary>How the ticks were answered; the four add up to the report's ticks less its missed ticks.</summary>
public sealed record AnswersReport
{
    public long Fresh { get; init; }

    public long Late { get; init; }

    public long Held { get; init; }

    public long NoData { get; init; }

    public long Total() => Fresh + Late + Held + NoData;
}
