using Realtime.Models.Training;
using Realtime.Models.Training.Transformers;
using static Realtime.Models.Training.Transformers.RecipeRange;

namespace Realtime.Models.Mtm.Training;

/// <summary>Whether a recipe's values are in their ranges.</summary>
internal static class MtmRecipeCheck
{
    /// <exception cref="ModelFormatException">The model cannot have this shape.</exception>
    /// <exception cref="TrainingException">A value is out of its range, or two contradict each other.</exception>
    public static void Check(MtmRecipe recipe)
    {
        if (recipe.Kind != MtmKind.Name) throw Wrong("kind", recipe.Kind, $"'{MtmKind.Name}'");
        MtmConfigCheck.Check(recipe.Model, "the recipe");
        if (recipe.Positions is { } positions && !Enum.IsDefined(positions)) throw Wrong("positions", positions, "learned or rotary");
        Number("bin_ms", recipe.BinMs, 0.1, 10_000);
        if (recipe.PromptShares is not { Count: 4 } shares || !shares.All(share => share >= 0 && double.IsFinite(share)) || !(shares.Sum() > 0))
            throw Wrong("prompt_shares", string.Join(", ", recipe.PromptShares ?? []), "four numbers from 0 up, not all 0, in the order neuron, causal, inter-region, intra-region");
        if (!recipe.Model.UsePrompt && shares.Count(share => share > 0) > 1 && shares[(int)MtmPrompt.Causal] > 0)
            throw new TrainingException("The recipe draws several prompts, but its model has no prompt (use_prompt false), so that it could not tell causal trials from others. Set model.use_prompt, or draw one prompt.");
        Number("mask_rates.neuron", recipe.MaskRates.Neuron, 0, 1);
        Number("mask_rates.causal", recipe.MaskRates.Causal, 0, 1);
        Number("mask_rates.intra_region", recipe.MaskRates.IntraRegion, 0, 1);
        Number("context_backward", recipe.ContextBackward, -1, 1_000_000);
        Number("dropout.embedding", recipe.Dropout.Embedding, 0, 0.99);
        Number("dropout.transformer", recipe.Dropout.Transformer, 0, 0.99);
        Number("batch_trials", recipe.BatchTrials, 1, 65_536);
        RecipeRange.Check(recipe, mostWeightDecay: 100);
        Number("stitcher_epochs", recipe.StitcherEpochs, 0, 1_000_000);
        Number("stitcher_weight_decay", recipe.StitcherWeightDecay ?? 0, 0, 100);
        Number("head_weight_decay", recipe.HeadWeightDecay ?? 0, 0, 100);
        Number("head_penalty", recipe.HeadPenalty, 0, 1e9);
        Number("bias_penalty", recipe.BiasPenalty, 0, 1e9);
        if (recipe.WeightDecay == 0 && (recipe.StitcherWeightDecay ?? 0) + (recipe.HeadWeightDecay ?? 0) > 0)
            throw Wrong("weight_decay", 0, "a number above 0 where stitchers or heads decay (1e-9 is as good as none)");
        Number("principal_directions", recipe.PrincipalDirections, 0, recipe.Model.NChannels);
        Number("head_scale", recipe.HeadScale, 0, 1);
        Number("pseudo_spikes", recipe.PseudoSpikes, 1e-6, 1e6);
        Number("forward_bins", recipe.ForwardBins, 1, recipe.Model.MaxF);
        if (recipe.Behaviour is not { } head) return;
        if (recipe.Model.UsePrompt && !(shares[(int)MtmPrompt.Causal] > 0))
            throw new TrainingException("The recipe fits a behaviour head, which reads the states under the causal prompt, but prompt_shares never draws that prompt. Give its second number a share above 0, or set behaviour to null.");
        if (head.Bins.Count == 0 || !head.Bins.All(bins => bins >= 1 && bins <= recipe.Model.MaxF))
            throw Wrong("behaviour.bins", string.Join(", ", head.Bins), $"numbers from 1 to model.max_f, {recipe.Model.MaxF}");
        if (head.Penalties.Count == 0 || !head.Penalties.All(penalty => penalty > 0 && double.IsFinite(penalty)))
            throw Wrong("behaviour.penalties", string.Join(", ", head.Penalties), "numbers above 0");
        Number("behaviour.target_ms", head.TargetMs, 0.1, 60_000);
    }
}
