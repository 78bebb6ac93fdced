using Realtime.Engine.Sessions;
using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>Trains Neuroformers on sessions: from scratch, without labels, or from a model's weights. Stateless; one call at a time per thread.</summary>
public static class NeuroformerTrainer
{
    private const string Heads = "modality_projection_heads.";

    /// <param name="recordings">One or more, names all different.</param>
    /// <param name="recipe">How.</param>
    /// <param name="options">Threads, checkpoint, progress.</param>
    /// <param name="start">The model to fine-tune; null in the other phases.</param>
    /// <param name="live">Name of the session that the model decodes; null for the last.</param>
    /// <param name="note">The user's own words, kept in the model.</param>
    /// <param name="notes">Told what the user should read about the sessions.</param>
    /// <param name="cancellation">Ends the training at the next step; what was best so far is kept.</param>
    /// <exception cref="TrainingException">Sessions, recipe and start do not go together, or the checkpoint is of something else.</exception>
    /// <exception cref="ModelFormatException">The model to start from, or the checkpoint, is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read.</exception>
    public static NeuroformerTraining Train(IReadOnlyList<Session> recordings, NeuroformerRecipe recipe, TrainerOptions options, ModelFile? start = null,
        string? live = null, string note = "", Action<string>? notes = null, CancellationToken cancellation = default)
    {
        recipe.Check();
        if (recipe.Phase == NeuroformerPhase.FineTune && start is null)
            throw new TrainingException("Fine-tuning starts from a model: name one that was trained with phase 'pretrain' or 'scratch', or set phase to 'scratch'.");
        if (recipe.Phase != NeuroformerPhase.FineTune && start is not null)
            throw new TrainingException("A model to start from was given, but the recipe's phase draws its weights. Set phase to 'fine_tune', or leave the model out.");
        var sessions = NeuroformerSessions.From(recordings, recipe, start is null ? null : NeuroformerModel.Settings(start));
        foreach (var text in sessions.Notes) notes?.Invoke(text);
        var target = TransformerTrainer.Live(sessions.Sessions, live);
        if (recordings.All(recording => recording.Valid.Count == 0))
            notes?.Invoke("No session has a validation interval: no score is taken on the way, and the weights of the last epoch are kept.");
        var network = NeuroformerModel.Network(sessions, start);
        var learning = network.Parameters.Trainable;
        if (recipe is { Phase: NeuroformerPhase.FineTune, FreezeEpochs: > 0 })
        {
            for (var i = 0; i < network.Parameters.Count; i++) network.Parameters[i].IsFrozen = !network.Parameters[i].Name.StartsWith(Heads, StringComparison.Ordinal);
            options = options with { Thaws = [.. options.Thaws, new ParameterThaw(recipe.FreezeEpochs, _ => true)] };
        }

        var result = new NetworkTrainer<NeuroformerSample>(Parts(network, sessions, options.Threads) with { Start = start?.Hash ?? "" }, recipe, options).Run(cancellation);
        return new NeuroformerTraining
        {
            Sessions = sessions,
            Result = result,
            Model = result.Tensors is { } tensors ? NeuroformerModel.Bytes(sessions, target, tensors, result, note) : null,
            Parameters = learning,
        };
    }

    /// <summary>What a <see cref="NetworkTrainer{T}"/> needs to train a network on sessions.</summary>
    public static TrainerParts<NeuroformerSample> Parts(NeuroformerTrainable network, NeuroformerSessions sessions, int threads)
    {
        var packed = new PackedParameters(network.Parameters, KernelSet.Best);
        var loss = sessions.Recipe.PhaseLoss;
        if (sessions.Config.ContrastiveVars.Count < 2) loss = loss with { Contrastive = 0 };
        var needsLabel = loss is { Id: 0, Dt: 0, Contrastive: 0 };
        return new TrainerParts<NeuroformerSample>
        {
            Parameters = network.Parameters,
            Batches = withValid => new NeuroformerBatches(sessions, withValid ? SessionPart.TrainAndValid : SessionPart.Train),
            Weight = samples => needsLabel && !samples.Any(sample => sample.HasLabel) ? 0 : samples.Count,
            LossParts = NeuroformerLossParts.Names,
            Shard = gradients => new NeuroformerShard(network, packed, gradients, loss),
            ValuesChanged = packed.Refresh,
            Decays = NeuroformerTrainable.Decays,
            Score = new NeuroformerScores(sessions, threads).Validation,
            Sessions = SessionFingerprint.Of(sessions.Sessions.Sessions.Select(session => session.Session)),
            Kernels = KernelSet.Best.Name,
        };
    }
}
