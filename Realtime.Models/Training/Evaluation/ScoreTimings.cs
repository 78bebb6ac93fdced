namespace Realtime.Models.Training.Evaluation;

/// <summary>The words of reports.</summary>
public static class ScoreTimings
{
    /// <summary>"causal" or "offline (stitched)".</summary>
    public static string Text(this ScoreTiming timing) => timing == ScoreTiming.Causal ? "causal" : "offline (stitched)";
}
