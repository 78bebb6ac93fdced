namespace Realtime.Engine.Answers;

/// <summary>What else a consumer should know about an answer before it acts on it.</summary>
[Flags]
public enum AnswerFlags : ushort
{
    None = 0,

    /// <summary>The window reaches back before the first data of this epoch.</summary>
    PartialWindow = 1,

    /// <summary>Messages were lost upstream within this window.</summary>
    LossInWindow = 2,

    /// <summary>The tick was closed by the lateness bound, not by the streams' watermarks.</summary>
    ClosedByBound = 4,

    /// <summary>The decoder gave a value that is not finite or outside the configured range; the answer is held.</summary>
    Invalid = 8,

    /// <summary>Spikes were left out because the window held its maximum.</summary>
    WindowFull = 16,

    /// <summary>The stream clock's fit is not settled: the age is an estimate from one arrival.</summary>
    ClockUnsettled = 32,
}
