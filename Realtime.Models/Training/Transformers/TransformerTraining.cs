using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>A training of a transformer that has ended, and the model that came of it.</summary>
public sealed record TransformerTraining
{
    public required TrainingRecipe Recipe { get; init; }

    public required TrainingSessions Sessions { get; init; }

    public required TrainerResult Result { get; init; }

    /// <summary>The model file, for the live session; null when there are no weights worth keeping.</summary>
    public required byte[]? Model { get; init; }

    /// <summary>Numbers that learned.</summary>
    public required long Parameters { get; init; }

    /// <summary>The same in the words that all kinds share.</summary>
    public TrainingOutcome Outcome => new()
    {
        Kind = Recipe.Kind,
        Sessions = [.. Sessions.Sessions.Select(session => new TrainedOn(session.Session.Name, session.UnitRows.Count, session.Session.Train.Sum(range => range.Length)))],
        Result = Result,
        Model = Model,
        Parameters = Parameters,
        Recipe = Recipe.ToJson(),
        Samples = FormattableString.Invariant($"windows of {Recipe.WindowS:0.###} s"),
        Score = "causal validation R²",
    };
}
