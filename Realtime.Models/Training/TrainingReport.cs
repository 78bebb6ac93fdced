namespace Realtime.Models.Training;

/// <summary>What came of a fit. Scores are those of the very decoder that will run live, window by window, causally.</summary>
public sealed record TrainingReport
{
    /// <summary>Bins (or windows) fitted on.</summary>
    public required int TrainBins { get; init; }

    /// <summary>The settings tried, with their validation scores; empty where nothing was chosen.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>{target: {metric: value}} on the validation interval; see <see cref="Scores.ScoreAccumulator"/>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Validation { get; init; }

    /// <summary>The same on the test interval.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Test { get; init; }

    /// <summary>Sentences the user should read: silent units, singular matrices.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
