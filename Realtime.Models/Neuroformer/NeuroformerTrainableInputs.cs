using Realtime.Models.Differentiation;
using Realtime.Models.Training.Blocks;

namespace Realtime.Models.Neuroformer;

/// <summary>The tokens of input variables (<see cref="NeuroformerInputTokens"/>), recorded on a tape. Any thread.</summary>
internal sealed class NeuroformerTrainableInputs
{
    private readonly NeuroformerConfig _config;
    private readonly (Parameter Bias, Parameter Up, Parameter Down)?[][] _maps;

    public NeuroformerTrainableInputs(ParameterList list, NeuroformerWeights weights)
    {
        _config = weights.Config;
        _maps = new (Parameter, Parameter, Parameter)?[_config.Groups.Count][];
        for (var group = 0; group < _maps.Length; group++)
        {
            _maps[group] = new (Parameter, Parameter, Parameter)?[_config.Groups[group].Variables.Count];
            for (var variable = 0; variable < _maps[group].Length; variable++)
            {
                var own = _config.Groups[group].Variables[variable];
                var prefix = $"modality_embeddings.{_config.Groups[group].Name}.{own.Name}.mlp";
                var values = weights.Variables[group][variable];
                if (own.Predict) continue;

                // The gain multiplies what the normalisation of one number leaves: nothing.
                list.AddConstant($"{prefix}.ln.weight", [1]);
                _maps[group][variable] = (
                    list.Add($"{prefix}.ln.bias", [values.NormBias], 1),
                    list.Add($"{prefix}.mlp.0.weight", values.Up.Weight, values.Up.Outputs, 1),
                    list.Add($"{prefix}.mlp.2.weight", values.Down.Weight, values.Down.Outputs, values.Down.Inputs));
            }
        }
    }

    /// <summary>A variable's tokens before their place is added, [windows, C].</summary>
    public Variable Variable(Tape tape, int group, int variable, IReadOnlyList<NeuroformerWindow> windows)
    {
        var (bias, up, down) = _maps[group][variable]!.Value;
        var token = tape.Linear(tape.Gelu(tape.Linear(tape.Rows(bias, [0]), up, null)), down, null);
        var time = tape.Constant(windows.Count, _config.NEmbd);
        for (var window = 0; window < windows.Count; window++)
            Sinusoids.Time(windows[window].Inputs[group][variable]!.Value, time.Value.Slice(window * _config.NEmbd, _config.NEmbd));
        return tape.Add(tape.Rows(token, new int[windows.Count]), time);
    }

    /// <summary>The variables of a group that are there.</summary>
    /// <exception cref="ArgumentException">The windows differ in them.</exception>
    public int[] Present(int group, IReadOnlyList<NeuroformerWindow> windows)
    {
        var present = Of(windows[0]);
        foreach (var window in windows)
            if (!Of(window).SequenceEqual(present)) throw new ArgumentException("The windows of a batch have different inputs; train those with the same ones together.", nameof(windows));
        return present;

        int[] Of(NeuroformerWindow window) => window.Inputs.Count == 0
            ? []
            : [.. Enumerable.Range(0, _maps[group].Length).Where(variable => _maps[group][variable] is not null && window.Inputs[group][variable] is not null)];
    }

    /// <summary>The tokens of a group with their places, [windows × variables, C], a window's one after the other.</summary>
    public Variable Group(Tape tape, IReadOnlyList<Variable> variables)
    {
        var (windows, count) = (variables[0].Rows, variables.Count);
        var (from, rows) = (new int[windows * count], new int[windows * count]);
        var places = tape.Constant(windows * count, _config.NEmbd);
        places.Value.Clear();
        for (var row = 0; row < from.Length; row++)
        {
            (from[row], rows[row]) = (row % count, row / count);
            Sinusoids.AddPlace(row % count, places.Value.Slice(row * _config.NEmbd, _config.NEmbd));
        }

        return tape.Add(tape.Gather(variables, from, rows), places);
    }
}
