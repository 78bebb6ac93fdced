namespace Realtime.Models.Training.Transformers;

/// <summary>Which of its passes a training is in.</summary>
public enum TrainerPhase
{
    /// <summary>On the training intervals, scored on the validation intervals.</summary>
    Fit,

    /// <summary>Once more from the start, on both together, for as many steps as gave the best score.</summary>
    Refit,
}
