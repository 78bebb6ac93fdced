using Realtime.Models.Differentiation;
using Realtime.Models.Training.Blocks;

namespace Realtime.Models.Neuroformer;

/// <summary>The embedding of dt tokens, recorded on a tape: learned or sinusoidal. A table of all tokens is computed once and its rows are repeated. Any thread.</summary>
internal sealed class NeuroformerTrainableTime
{
    private readonly (Parameter Weight, Parameter Bias)? _up;
    private readonly (Parameter Weight, Parameter Bias)? _down;
    private readonly int _words;
    private readonly int _width;

    /// <param name="list">Takes the parameters.</param>
    /// <param name="prefix">Of their names.</param>
    /// <param name="weights">Null for sinusoids.</param>
    /// <param name="config">The model.</param>
    public NeuroformerTrainableTime(ParameterList list, string prefix, NeuroformerTimeWeights? weights, NeuroformerConfig config)
    {
        (_words, _width) = (config.DtWords, config.NEmbd);
        if (weights is null) return;
        _up = list.AddLinear($"{prefix}.temp_emb.0", weights.Up.Weight, weights.Up.Bias);
        _down = list.AddLinear($"{prefix}.temp_emb.2", weights.Down.Weight, weights.Down.Bias);
    }

    /// <summary>[times, C].</summary>
    public Variable Rows(Tape tape, ReadOnlySpan<int> times) => tape.Rows(Table(tape), times);

    private Variable Table(Tape tape)
    {
        if (_up is not { } up || _down is not { } down)
        {
            var waves = tape.Constant(_words, _width);
            for (var word = 0; word < _words; word++) Sinusoids.Time(word, waves.Value.Slice(word * _width, _width));
            return waves;
        }

        var words = tape.Constant(_words, 1);
        for (var word = 0; word < _words; word++) words.Value[word] = word;
        return tape.Linear(tape.Gelu(tape.Linear(words, up.Weight, up.Bias)), down.Weight, down.Bias);
    }
}
