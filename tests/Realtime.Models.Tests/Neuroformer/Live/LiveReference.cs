using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Neuroformer;

namespace Realtime.Models.Tests.Neuroformer.Live;

/// <summary>The plain form's answer to a window.</summary>
internal sealed class LiveReference(NeuroformerSettings settings, NeuroformerWeights weights)
{
    private readonly NeuroformerNetwork _network = new(weights);
    private readonly NeuroformerTokenizer _tokenizer = new(settings.HyperParameters);

    public float[] Answer(in SpikeWindow window, float[]? frames)
    {
        var config = settings.HyperParameters;
        var neurons = new int[window.Units.Length];
        for (var i = 0; i < neurons.Length; i++) neurons[i] = (uint)window.Units[i] < (uint)settings.UnitTokens.Count ? settings.UnitTokens[window.Units[i]] : -1;
        var (current, past) = _tokenizer.Sequences(window.TimesNs, neurons, window.EndNs);
        IReadOnlyList<IReadOnlyList<double?>> inputs = [.. config.Groups.Select(group => (IReadOnlyList<double?>)[.. group.Variables.Select(variable => variable.Predict ? (double?)null : 0)])];
        var group = config.Groups.ToList().FindIndex(group => group.Name == settings.Group);
        var predictions = _network.Forward([NeuroformerTokenizer.Window(current, past, frames, inputs)]).Predictions[group];
        var answer = new List<float>();
        for (var variable = 0; variable < predictions.Count; variable++)
        {
            var values = predictions[variable].ToArray();
            if (config.Groups[group].Variables[variable].Classes > 0) KernelSet.Best.Softmax(values, 1, values.Length);
            answer.AddRange(values);
        }

        return [.. answer];
    }
}
