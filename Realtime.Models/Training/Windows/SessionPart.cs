namespace Realtime.Models.Training.Windows;

/// <summary>Which of a session's intervals windows are taken from.</summary>
public enum SessionPart
{
    /// <summary>The training intervals.</summary>
    Train,

    /// <summary>The validation intervals.</summary>
    Valid,

    /// <summary>Both; where they touch, windows may lie across, as both are then for training.</summary>
    TrainAndValid,

    /// <summary>The intervals kept apart to judge the result.</summary>
    Test,
}
