using Realtime.Engine.Sessions;
using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm.Training;

/// <summary>Trains MtM on sessions, from nothing or from a model that knows other sessions.</summary>
public static class MtmTrainer
{
    private const int ValidationFolds = 10;

    /// <param name="recordings">One or more, names all different.</param>
    /// <param name="recipe">How.</param>
    /// <param name="options">Threads, checkpoint, progress.</param>
    /// <param name="live">Name of the session that the model decodes; null for the last.</param>
    /// <param name="note">The user's own words, kept in the model.</param>
    /// <param name="notes">Told what the user should read about the sessions.</param>
    /// <param name="start">A model to go on from: its trunk, and the stitchers of the sessions it knows; its shape and form of input replace the recipe's. Null for none.</param>
    /// <param name="cancellation">Ends the training at the next step; what was best so far is kept.</param>
    /// <exception cref="TrainingException">Sessions and recipe do not go together, or the checkpoint is of something else.</exception>
    /// <exception cref="ModelFormatException">The model to start from, or the checkpoint, is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read.</exception>
    public static MtmTraining Train(IReadOnlyList<Session> recordings, MtmRecipe recipe, TrainerOptions options, string? live = null,
        string note = "", Action<string>? notes = null, ModelFile? start = null, CancellationToken cancellation = default)
    {
        var known = start is null ? null : MtmStart.Of(start);
        recipe = recipe.Resolved();
        if (known is not null && recipe.Positions is not null && (known.HyperParameters.Pos, known.HyperParameters.UseRope) != (recipe.Model.Pos, recipe.Model.UseRope))
            throw new TrainingException($"The recipe's positions are {recipe.Positions.ToString()!.ToLowerInvariant()}, but the model to start from has {(known.HyperParameters.UseRope ? "rotary" : "learned")} ones. Leave the recipe's positions out, or start from another model.");
        if (known is not null) recipe = recipe with { Model = known.HyperParameters, RootCounts = known.RootCounts };
        recipe.Check();
        if (recipe is { StitcherEpochs: > 0 } && start is null)
            throw new TrainingException("The recipe's stitcher_epochs train stitchers on a trained trunk, but there is no model to start from. Name one, or set stitcher_epochs to 0.");
        var cut = Cut(recordings, recipe);
        var sessions = MtmStart.Sessions(cut, recipe.Model, known);
        var target = Live(cut, live);
        Tell(cut, recipe, notes);

        // Hours of training are not to end in a misspelt name.
        if (recipe.Behaviour is { } behaviour) MtmBehaviourFit.Outputs(cut[target], behaviour);
        var tensors = MtmInitial.Tensors(recipe.Model, [.. cut.Zip(sessions)], recipe, start?.Tensors);
        var network = MtmTrainable.Of(tensors, recipe.Model, sessions, Options(recipe));
        var thaws = options.Thaws;
        if (recipe.StitcherEpochs > 0)
        {
            for (var i = 0; i < network.Parameters.Count; i++) network.Parameters[i].IsFrozen = !MtmTrainable.IsOfSession(network.Parameters[i]);
            thaws = [.. thaws, new ParameterThaw(recipe.StitcherEpochs, _ => true)];
        }

        var parts = Parts(network, recipe, cut, options.Threads) with { Start = start?.Hash ?? "" };
        var result = new NetworkTrainer<MtmTrial>(parts, recipe, options with { Thaws = thaws }).Run(cancellation);
        for (var i = 0; i < network.Parameters.Count; i++) network.Parameters[i].IsFrozen = false;
        var head = result.Tensors is { } trained ? Head(trained, recipe, cut, sessions, target, options.Threads, notes) : null;
        return new MtmTraining
        {
            Recipe = recipe,
            Recordings = cut,
            Sessions = sessions,
            Result = result,
            Head = head,
            Model = result.Tensors is { } kept ? MtmModel.Bytes(recipe, cut, sessions, target, kept, head, result, note) : null,
            Parameters = network.Parameters.Trainable,
        };
    }

    /// <summary>What a <see cref="NetworkTrainer{T}"/> needs to train a network on recordings.</summary>
    public static TrainerParts<MtmTrial> Parts(MtmTrainable network, MtmRecipe recipe, IReadOnlyList<MtmRecording> recordings, int threads)
    {
        var packed = new PackedParameters(network.Parameters, KernelSet.Best);
        var prior = new MtmHeadPrior(network, recipe, recordings);
        return new TrainerParts<MtmTrial>
        {
            Parameters = network.Parameters,
            Batches = withValid => new MtmBatches(recordings, recipe, withValid),
            Weight = trials => Weight(trials, recipe.LossPer),
            Shard = gradients => new MtmShard(network, packed, gradients, prior),
            ValuesChanged = packed.Refresh,
            Score = (tensors, cancellation) => Validation(tensors, recipe, recordings, network.Sessions, threads, cancellation),
            Sessions = SessionFingerprint.Of(recordings.Select(recording => recording.Session)),
            Kernels = KernelSet.Best.Name,
        };
    }

    /// <summary>Asks trained tensors.</summary>
    internal static MtmEvaluator Evaluator(IReadOnlyList<TensorData> tensors, MtmRecipe recipe, IReadOnlyList<MtmSession> sessions, int threads) =>
        new(tensors, recipe.Model, sessions, Options(recipe), threads);

    private static MtmTrainableOptions Options(MtmRecipe recipe)
    {
        return new MtmTrainableOptions
        {
            Dropout = recipe.Dropout,
            PrefixSeesBins = recipe.PrefixSeesBins,
            ContextBackward = recipe.ContextBackward,
            StitcherDecay = Factor(recipe.StitcherWeightDecay),
            HeadDecay = Factor(recipe.HeadWeightDecay),
        };

        double Factor(double? own) => own is { } decay && recipe.WeightDecay > 0 ? decay / recipe.WeightDecay : 1;
    }

    private static double Weight(IReadOnlyList<MtmTrial> trials, MtmLossUnit unit)
    {
        var scored = trials.Sum(trial => trial.ScoredCount);
        return unit == MtmLossUnit.Entry || !(scored > 0) ? scored : unit == MtmLossUnit.Trial ? trials.Count : 1;
    }

    /// <summary>Co-smoothing of a tenth of the neurons at a time, bits per spike, mean over neurons and then sessions.</summary>
    private static double Validation(
        IReadOnlyList<TensorData> tensors, MtmRecipe recipe, IReadOnlyList<MtmRecording> recordings, IReadOnlyList<MtmSession> sessions, int threads, CancellationToken cancellation)
    {
        using var evaluator = Evaluator(tensors, recipe, sessions, threads);
        return recordings.Index().Where(entry => entry.Item.Valid.Count > 0)
            .Select(entry => MtmNeuronScores.Of(entry.Item.Valid, evaluator.CoSmoothingInFolds(entry.Index, entry.Item, entry.Item.Valid, ValidationFolds, cancellation)).Mean)
            .Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }

    private static MtmBehaviourHead? Head(
        IReadOnlyList<TensorData> tensors, MtmRecipe recipe, IReadOnlyList<MtmRecording> recordings, IReadOnlyList<MtmSession> sessions, int target, int threads, Action<string>? notes)
    {
        if (recipe.Behaviour is not { } head) return null;
        using var evaluator = Evaluator(tensors, recipe, sessions, threads);
        return MtmBehaviourFit.Fit(recordings[target], head, trials => evaluator.States(target, MtmPrompt.Causal, recordings[target], trials), evaluator.HiddenSize, notes);
    }

    private static IReadOnlyList<MtmRecording> Cut(IReadOnlyList<Session> recordings, MtmRecipe recipe)
    {
        if (recordings.Count == 0) throw new TrainingException("There is no session to train on. Name at least one session folder.");
        var twice = recordings.GroupBy(session => session.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new TrainingException($"Two sessions are named '{twice.Key}'. Give each its own name in meta.json: stitchers go by it.");
        return [.. recordings.Select(session => new MtmRecording(session, recipe.BinMs, recipe.Model.MaxF, recipe.HiddenAs, recipe.RootCounts, IsCentred(recipe)))];
    }

    // Without stitchers all recordings share the first map, whose bias cannot hold the means of each.
    private static bool IsCentred(MtmRecipe recipe) => recipe is { HiddenAs: MtmHidden.Mean, Model.Stitching: true };

    private static void Tell(IReadOnlyList<MtmRecording> recordings, MtmRecipe recipe, Action<string>? notes)
    {
        if (recordings.All(recording => recording.Valid.Count == 0))
            notes?.Invoke("No session has a validation trial: no score is taken on the way, and the weights of the last epoch are kept.");
        var byRegion = recipe.PromptShares[(int)MtmPrompt.InterRegion] + recipe.PromptShares[(int)MtmPrompt.IntraRegion] > 0;
        foreach (var recording in recordings.Where(recording => byRegion && recording.Regions.Count < 2))
        {
            notes?.Invoke($"Session '{recording.Name}' names {recording.Regions.Count} regions (unit_region in meta.json): prompts that go by regions are not drawn for it.");
            if (recipe.PromptShares[(int)MtmPrompt.Neuron] + recipe.PromptShares[(int)MtmPrompt.Causal] > 0) continue;
            throw new TrainingException($"The recipe draws only prompts that go by regions, but session '{recording.Name}' names {recording.Regions.Count} regions. Add unit_region to its meta.json, or other prompt_shares.");
        }
    }

    private static int Live(IReadOnlyList<MtmRecording> recordings, string? name)
    {
        if (name is null) return recordings.Count - 1;
        for (var index = 0; index < recordings.Count; index++)
            if (recordings[index].Name == name) return index;
        throw new TrainingException($"No session is named '{name}'{Engine.Text.NearestName.Hint(name, recordings.Select(recording => recording.Name))}. "
            + $"The sessions: {string.Join(", ", recordings.Select(recording => recording.Name))}.");
    }
}
