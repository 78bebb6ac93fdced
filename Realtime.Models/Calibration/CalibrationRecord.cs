namespace Realtime.Models.Calibration;

/// <summary>How a model was calibrated: with the model it came from and the session, enough to do it again.</summary>
public sealed record CalibrationRecord
{
    /// <summary>Hash of the model file it was calibrated from.</summary>
    public required string From { get; init; }

    /// <summary>Minutes of data used.</summary>
    public required double Minutes { get; init; }

    public required int Epochs { get; init; }

    public required double LearningRate { get; init; }

    public required int BatchWindows { get; init; }

    public required double UnitDropout { get; init; }

    /// <summary>Epochs after which the rest of the network learned too; null for never.</summary>
    public int? UnfreezeAt { get; init; }

    /// <summary>Peak of the learning rate then; null where the rest never learned.</summary>
    public double? UnfreezeRate { get; init; }

    public bool TrainLatents { get; init; }

    /// <summary>Whether units began with the embeddings of units of the same name.</summary>
    public bool SameUnits { get; init; }

    public required long Seed { get; init; }
}
