namespace Realtime.Engine.Answers;

/// <summary>How a tick was answered. Each tick has exactly one.</summary>
public enum AnswerStatus : byte
{
    /// <summary>Decoded from this tick's window and handed out within the deadline.</summary>
    Fresh = 0,

    /// <summary>Decoded from this tick's window, but after the deadline.</summary>
    Late = 1,

    /// <summary>Not decoded (overload, or an output that failed its check): the values are those of an earlier tick, or NaN.</summary>
    Held = 2,

    /// <summary>No data came for this tick within the lateness bound, or it lies outside of a trial and the model answers within trials only: the values are NaN.</summary>
    NoData = 3,
}
