using System.Text.Json.Nodes;
using Realtime.Models.Calibration;

namespace Realtime.Models;

/// <summary>How a model came to be: enough to fit it again.</summary>
public sealed record TrainingRecord
{
    /// <summary>Where the numbers come from.</summary>
    public WeightOrigin Origin { get; init; }

    /// <summary>Name of the session it was fitted on.</summary>
    public required string Session { get; init; }

    /// <summary>Intervals fitted on, seconds of session time, [start, end] each.</summary>
    public required IReadOnlyList<double[]> Train { get; init; }

    /// <summary>Intervals that the settings were chosen on.</summary>
    public required IReadOnlyList<double[]> Valid { get; init; }

    /// <summary>Intervals kept apart to judge the result.</summary>
    public required IReadOnlyList<double[]> Test { get; init; }

    /// <summary>Mean of each output over the training interval: what the constant predictor answers.</summary>
    public required IReadOnlyList<double> TargetMean { get; init; }

    /// <summary>Ridge penalty on the z-scored features; null where the kind has none.</summary>
    public double? Penalty { get; init; }

    /// <summary>Mean R² on the validation interval; null where there was none, or no target varied in it.</summary>
    public double? ValidationScore { get; init; }

    /// <summary>Whether it may answer live; null: unjudged.</summary>
    public LiveFitness? Fitness { get; init; }

    /// <summary>How it was calibrated; null where it was not. <see cref="Recipe"/> then tells how the network was trained before.</summary>
    public CalibrationRecord? Calibration { get; init; }

    /// <summary>The filter on bins, such as "speed &gt; 20"; null when all bins were used.</summary>
    public string? Filter { get; init; }

    /// <summary>Version of the program that fitted it.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>Seed of whatever was random; the linear decoders use none.</summary>
    public long Seed { get; init; }

    /// <summary>Names of all sessions it was trained on; null where <see cref="Session"/> is the only one.</summary>
    public IReadOnlyList<string>? Sessions { get; init; }

    /// <summary>Windows seen; null for other kinds of fits.</summary>
    public long? Windows { get; init; }

    /// <summary>Seconds of recording seen, each as often as it was shown.</summary>
    public double? DataSeconds { get; init; }

    /// <summary>Epochs run.</summary>
    public int? Epochs { get; init; }

    /// <summary>Epoch of the weights kept, from 1.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Whether the weights were fitted on the validation intervals as well, after the score had been taken.</summary>
    public bool? RefittedWithValid { get; init; }

    /// <summary>How it was trained, in the form of a recipe file.</summary>
    public JsonObject? Recipe { get; init; }

    /// <summary>The user's own words.</summary>
    public string Note { get; init; } = "";
}
