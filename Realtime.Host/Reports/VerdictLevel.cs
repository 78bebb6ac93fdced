namespace Realtime.Host.Reports;

/// <summary>How good a run was, at a glance.</summary>
public enum VerdictLevel
{
    Good,

    /// <summary>The promises were kept, but something degraded the answers.</summary>
    LookCloser,

    /// <summary>A promise was broken: an unanswered tick, or a spike without account.</summary>
    Bad,
}
