using Realtime.Models.Kernels;

namespace Realtime.Models.Mtm;

/// <summary>What the live form must answer, by the plain network on whole stretches. Shares none of the live form's arithmetic. Any thread.</summary>
/// <param name="model">The model.</param>
/// <param name="binNs">Length of a bin.</param>
/// <param name="kernels">Arithmetic.</param>
internal sealed class MtmReference(MtmModel model, long binNs, KernelSet kernels)
{
    private readonly MtmNetwork _network = new(model.Weights, kernels);

    /// <summary>The outputs of the newest bin and those ahead.</summary>
    /// <param name="counts">[bins][neurons] since the stretch began.</param>
    /// <param name="valid">For each bin whether later ones may see it.</param>
    public double[] Answer(IReadOnlyList<float[]> counts, IReadOnlyList<bool> valid)
    {
        var (settings, config) = (model.Settings, model.Weights.Config);
        var first = settings.Mode == MtmLiveMode.Sliding ? Math.Max(0, counts.Count - (config.MaxF - settings.ForwardBins)) : 0;
        var bins = counts.Count - first;
        var ahead = settings.Mode == MtmLiveMode.Rotary ? settings.ForwardBins : Math.Min(settings.ForwardBins, config.MaxF - bins);
        var batch = new MtmBatch(1, bins + ahead, model.Weights.Neurons)
        {
            SessionRow = model.Session.Row,
            Prompt = settings.Prompt,
            Mask = MtmMask.Upstream(settings.Prompt) with { Backward = settings.ContextBackward, PrefixSeesBins = settings.PrefixSeesBins },
        };
        for (var bin = 0; bin < bins; bin++)
        {
            for (var neuron = 0; neuron < batch.Neurons; neuron++)
                batch.Counts[bin * batch.Neurons + neuron] = model.Hidden[neuron] ? model.HiddenCount(neuron) : Shown(counts[first + bin][neuron]);
            batch.Valid[bin] = valid[first + bin];
        }

        // Bins ahead are hidden whole, as the causal prompt was trained.
        for (var at = bins * batch.Neurons; at < batch.Counts.Length; at++) batch.Counts[at] = model.HiddenCount(at % batch.Neurons);

        var output = _network.Forward(batch);
        var answers = Enumerable.Range(0, ahead + 1).SelectMany(step => Read(output, bins - 1 + step)).ToArray();
        return [.. answers, .. Enumerable.Repeat(double.NaN, answers.Length / (ahead + 1) * (settings.ForwardBins - ahead))];
    }

    private float Shown(float count) => model.Settings.RootCounts ? MathF.Sqrt(count) : count;

    private double[] Read(MtmOutput output, int bin)
    {
        var width = model.Weights.Config.HiddenSize;
        if (model.BehaviourHead is { } head)
        {
            return [.. Enumerable.Range(0, head.Outputs).Select(quantity =>
            {
                double sum = head.Bias[quantity];
                for (var back = 0; back < model.Settings.HeadBins && back <= bin; back++)
                    for (var i = 0; i < width; i++) sum += (double)head.Weight[quantity * head.Inputs + back * width + i] * output.States[(bin - back) * width + i];
                return sum;
            })];
        }

        var neurons = model.Weights.Neurons;
        var rates = Enumerable.Range(0, neurons).Select(neuron => Math.Exp(output.LogRates[bin * neurons + neuron]) * 1e9 / binNs).ToArray();
        return model.Settings.Readout == MtmReadouts.Rates
            ? rates
            : [.. MtmReadouts.RegionsOf(model.Session).Select(region => rates.Where((_, neuron) => model.Session.Regions[neuron] == region).Average())];
    }
}
