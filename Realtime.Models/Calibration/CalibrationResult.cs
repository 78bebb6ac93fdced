using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Calibration;

/// <summary>What came of a calibration.</summary>
public sealed record CalibrationResult
{
    /// <summary>The calibrated model's file.</summary>
    public required byte[] Model { get; init; }

    /// <summary>Whether it may answer live, and why; kept in the model file too.</summary>
    public required LiveFitness Fitness { get; init; }

    /// <summary>The model after and before, the linear baseline, the same network from scratch, and the constant predictor, on what was held out. All causal.</summary>
    public required ScoreTable Scores { get; init; }

    /// <summary>The linear baseline that was fitted to the same data; null where none could be.</summary>
    public TrainedModel? Baseline { get; init; }

    public required TrainerResult Training { get; init; }

    /// <summary>Units of the session whose embeddings were there already, and units in all.</summary>
    public required (int Kept, int All) Units { get; init; }

    /// <summary>Computing time of the calibration itself, without comparisons.</summary>
    public required TimeSpan Computed { get; init; }

    /// <summary>Sentences the user should read.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
