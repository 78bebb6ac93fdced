namespace Realtime.Models.Training.Transformers;

/// <summary>Why a training ended.</summary>
public enum TrainerStop
{
    /// <summary>All epochs were done.</summary>
    Finished,

    /// <summary>The validation score had not become better for long enough.</summary>
    Patience,

    /// <summary>It was told to stop.</summary>
    Interrupted,

    /// <summary>A loss or a gradient was not a finite number.</summary>
    Diverged,
}
