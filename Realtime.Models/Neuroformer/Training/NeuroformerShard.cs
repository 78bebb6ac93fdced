using Realtime.Models.Differentiation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>A part of a batch on a tape of its own.</summary>
public sealed class NeuroformerShard(NeuroformerTrainable network, PackedParameters parameters, GradientSet gradients, NeuroformerLossWeights weights)
    : ITrainingShard<NeuroformerSample>
{
    private readonly Tape _tape = new(parameters, gradients);

    public GradientSet Gradients => gradients;

    public IReadOnlyList<double> LossParts { get; private set; } = [];

    public double Run(IReadOnlyList<NeuroformerSample> samples, ulong seed, double scale)
    {
        gradients.Clear();
        _tape.Begin(isTraining: true, seed);
        var losses = NeuroformerLoss.Run(_tape, network, samples, weights, scale);
        _tape.Backward();
        LossParts = losses.Values;
        return losses.Total;
    }
}
