using Realtime.Models.Differentiation;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// The recipe's prior of the heads: penalty / 2 × (Σ weight² and Σ (bias - initial bias)²) per training entry of the session, added to the loss
/// of what a part of a batch scores. Any thread between steps.
/// </summary>
public sealed class MtmHeadPrior
{
    private readonly MtmRecipe _recipe;
    private readonly (Parameter Weight, Parameter Bias)[] _heads;
    private readonly float[][] _biases;
    private readonly double[] _entries;

    /// <param name="network">Holding the biases that training starts from.</param>
    /// <param name="recipe">The penalties.</param>
    /// <param name="recordings">In the network's order.</param>
    public MtmHeadPrior(MtmTrainable network, MtmRecipe recipe, IReadOnlyList<MtmRecording> recordings)
    {
        _recipe = recipe;
        _heads = [.. recordings.Select((_, session) => network.HeadOf(session))];
        _biases = [.. _heads.Select(head => head.Bias.Value.ToArray())];
        _entries = [.. recordings.Select(recording => (double)recording.Train.Sum(trial => trial.Bins) * recording.Neurons)];
    }

    /// <summary>Adds the prior's gradient and gives its loss.</summary>
    /// <param name="trials">A part of a batch.</param>
    /// <param name="scale">One over the weight of the whole batch.</param>
    /// <param name="gradients">Are added to.</param>
    public double Add(IReadOnlyList<MtmTrial> trials, double scale, GradientSet gradients)
    {
        if (_recipe is { HeadPenalty: 0, BiasPenalty: 0 }) return 0;
        var session = trials[0].Session;
        var share = scale * (_recipe.LossPer == MtmLossUnit.Trial ? trials.Count : trials.Sum(trial => trial.ScoredCount)) / _entries[session];
        return Add(_heads[session].Weight, [], share * _recipe.HeadPenalty, gradients) + Add(_heads[session].Bias, _biases[session], share * _recipe.BiasPenalty, gradients);
    }

    private static double Add(Parameter parameter, float[] centre, double factor, GradientSet gradients)
    {
        var index = gradients.Parameters.IndexOf(parameter);
        if (factor == 0 || !gradients.Has(index)) return 0;
        var gradient = gradients[index];
        var value = parameter.Value;
        double sum = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var off = value[i] - (centre.Length == 0 ? 0 : centre[i]);
            gradient[i] += (float)(factor * off);
            sum += (double)off * off;
        }

        return factor / 2 * sum;
    }
}
