using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// The tokens of input variables, one each. NB: upstream normalises each value on its own, which leaves the norm's bias whatever the value is: a
/// token depends on nothing but the variable, its dt, and its place among those present. Immutable; any thread.
/// </summary>
public sealed class NeuroformerInputTokens
{
    private readonly NeuroformerConfig _config;

    /// <summary>By group and variable, [C]; null for targets.</summary>
    private readonly float[]?[][] _constants;

    public NeuroformerInputTokens(NeuroformerWeights weights, KernelSet kernels)
    {
        _config = weights.Config;
        _constants = [.. weights.Variables.Select((group, index) => group.Select((variable, place) =>
            _config.Groups[index].Variables[place].Predict ? null : Constant(variable, kernels)).ToArray())];
    }

    /// <summary>A variable's token before its place is added, which is also what the contrastive loss takes, [C].</summary>
    /// <param name="group">Index of the group.</param>
    /// <param name="variable">Index of the variable, an input.</param>
    /// <param name="dt">s.</param>
    public float[] Variable(int group, int variable, double dt)
    {
        var token = new float[_config.NEmbd];
        Sinusoids.Time(dt, token);
        var constant = _constants[group][variable]!;
        for (var channel = 0; channel < token.Length; channel++) token[channel] += constant[channel];
        return token;
    }

    /// <summary>The tokens of a group, [inputs present, C]; empty where none is.</summary>
    /// <param name="group">Index of the group.</param>
    /// <param name="present">dt of each variable, s; null where it is absent.</param>
    public float[] Group(int group, IReadOnlyList<double?> present)
    {
        var tokens = new List<float>();
        var place = 0;
        for (var variable = 0; variable < present.Count; variable++)
        {
            if (present[variable] is not { } dt || _constants[group][variable] is null) continue;
            var token = Variable(group, variable, dt);
            Sinusoids.AddPlace(place++, token);
            tokens.AddRange(token);
        }

        return [.. tokens];
    }

    private static float[] Constant(NeuroformerVariableWeights variable, KernelSet kernels)
    {
        var hidden = new float[variable.Up.Outputs];
        for (var i = 0; i < hidden.Length; i++) hidden[i] = variable.Up.Weight[i] * variable.NormBias;
        kernels.Gelu(hidden, hidden);
        var token = new float[variable.Down.Outputs];
        for (var channel = 0; channel < token.Length; channel++)
            for (var i = 0; i < hidden.Length; i++) token[channel] += variable.Down.Weight[channel * hidden.Length + i] * hidden[i];
        return token;
    }
}
