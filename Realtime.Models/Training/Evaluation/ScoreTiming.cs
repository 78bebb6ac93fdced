namespace Realtime.Models.Training.Evaluation;

/// <summary>What a score's answers had seen. Scores of different timing are different numbers.</summary>
public enum ScoreTiming
{
    /// <summary>The past only, window by window, as live.</summary>
    Causal,

    /// <summary>Up to a window of future: answers of overlapping windows averaged.</summary>
    OfflineStitched,
}
