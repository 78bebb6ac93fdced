using Realtime.Engine.Answers;

namespace Realtime.Host.Reports;

/// <summary>What the page draws, per tick and whole: it is thinned when drawn, so that an hour's page stays small.</summary>
public sealed record ReportSeries
{
    /// <summary>Time of each tick since the first, s of data time, ascending.</summary>
    public IReadOnlyList<double> TimeS { get; init; } = [];

    /// <summary>One per tick.</summary>
    public IReadOnlyList<AnswerStatus> Status { get; init; } = [];

    /// <summary>From due to sent, one per tick, microseconds; NaN where there was none.</summary>
    public IReadOnlyList<double> TotalLatencyUs { get; init; } = [];

    /// <summary>Values per tick.</summary>
    public IReadOnlyList<OutputSeries> Outputs { get; init; } = [];

    /// <summary>Start of each interval over which spikes were counted, s.</summary>
    public IReadOnlyList<double> RateTimeS { get; init; } = [];

    /// <summary>Spikes per second received in that interval, all streams together.</summary>
    public IReadOnlyList<double> SpikesPerS { get; init; } = [];

    /// <summary>The histogram of total latency; made from <see cref="TotalLatencyUs"/> when left empty.</summary>
    public IReadOnlyList<LatencyBucket> TotalLatencyBuckets { get; init; } = [];

    /// <summary>The config file's text, shown as it was.</summary>
    public string ConfigText { get; init; } = "";
}
