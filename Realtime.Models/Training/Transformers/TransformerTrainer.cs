using Realtime.Engine.Sessions;
using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>Trains POYO and POSSM on sessions.</summary>
public static class TransformerTrainer
{
    /// <param name="recordings">One or more, names all different.</param>
    /// <param name="recipe">How.</param>
    /// <param name="options">Threads, checkpoint, progress.</param>
    /// <param name="live">Name of the session that the model decodes; null for the last.</param>
    /// <param name="note">The user's own words, kept in the model.</param>
    /// <param name="notes">Told what the user should read about the sessions.</param>
    /// <param name="cancellation">Ends the training at the next step; what was best so far is kept.</param>
    /// <exception cref="TrainingException">Sessions and recipe do not go together, or the checkpoint is of something else.</exception>
    /// <exception cref="ModelFormatException">The recipe's model cannot be, or the checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read.</exception>
    public static TransformerTraining Train(IReadOnlyList<Session> recordings, TrainingRecipe recipe, TrainerOptions options, string? live = null,
        string note = "", Action<string>? notes = null, CancellationToken cancellation = default)
    {
        recipe.Check();
        var sessions = Prepare(recordings, recipe);
        foreach (var text in sessions.Notes) notes?.Invoke(text);
        var target = Live(sessions, live);
        if (recordings.All(recording => recording.Valid.Count == 0))
            notes?.Invoke("No session has a validation interval: no score is taken on the way, and the weights of the last epoch are kept.");
        var network = TransformerNetwork.Create(recipe, sessions);
        var result = new NetworkTrainer<TrainingWindow>(Parts(network, recipe, sessions, options.Threads), recipe, options).Run(cancellation);
        return new TransformerTraining
        {
            Recipe = recipe,
            Sessions = sessions,
            Result = result,
            Model = result.Tensors is { } tensors ? TransformerModel.Bytes(recipe, sessions, target, tensors, result, note) : null,
            Parameters = network.Parameters.Trainable,
        };
    }

    /// <summary>Vocabularies, outputs and normalisation of the sessions under a recipe.</summary>
    /// <exception cref="TrainingException">They do not go together.</exception>
    public static TrainingSessions Prepare(IReadOnlyList<Session> recordings, TrainingRecipe recipe) =>
        TrainingSessions.From(recipe.OnePerInterval ? [.. recordings.Select(recording => SessionTrials.Cut(recording))] : recordings, TransformerNetwork.Windows(recipe));

    /// <summary>What a <see cref="NetworkTrainer{T}"/> needs to train a network on sessions.</summary>
    public static TrainerParts<TrainingWindow> Parts(ITrainableNetwork network, TrainingRecipe recipe, TrainingSessions sessions, int threads)
    {
        var packed = new PackedParameters(network.Parameters, KernelSet.Best);
        return new TrainerParts<TrainingWindow>
        {
            Parameters = network.Parameters,
            Batches = withValid => new SessionBatches(sessions, withValid ? SessionPart.TrainAndValid : SessionPart.Train, recipe.BatchWindows),
            Weight = KnownQueries.Weight,
            Shard = gradients => new TapeShard(network, packed, gradients, recipe.Loss),
            ValuesChanged = packed.Refresh,
            Score = new TransformerScores(recipe, sessions, threads).Validation,
            Sessions = SessionFingerprint.Of(sessions.Sessions.Select(session => session.Session)),
            Kernels = KernelSet.Best.Name,
        };
    }

    /// <summary>The session of a name; the last without one.</summary>
    /// <exception cref="TrainingException">There is none.</exception>
    internal static TrainingSession Live(TrainingSessions sessions, string? name)
    {
        if (name is null) return sessions.Sessions[^1];
        return sessions.Sessions.FirstOrDefault(session => session.Session.Name == name)
            ?? throw new TrainingException($"No session is named '{name}'{Engine.Text.NearestName.Hint(name, sessions.Sessions.Select(session => session.Session.Name))}. "
                + $"The sessions: {string.Join(", ", sessions.Sessions.Select(session => session.Session.Name))}.");
    }
}
