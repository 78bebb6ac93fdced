using Realtime.Models.Differentiation;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>A part of a batch on a tape of its own.</summary>
public sealed class TapeShard(ITrainableNetwork network, PackedParameters parameters, GradientSet gradients, LossKind loss) : ITrainingShard<TrainingWindow>
{
    private readonly Tape _tape = new(parameters, gradients);
    private float[] _targets = [];
    private float[] _weights = [];

    public GradientSet Gradients => gradients;

    public double Run(IReadOnlyList<TrainingWindow> windows, ulong seed, double scale)
    {
        gradients.Clear();
        _tape.Begin(isTraining: true, seed);
        var prediction = network.Predict(_tape, windows);
        var targets = Join(windows, window => window.Targets, ref _targets);
        var weights = Join(windows, window => window.QueryWeights, ref _weights);
        var share = _tape.Loss(prediction, targets, weights, loss, scale);
        _tape.Backward();
        return share;
    }

    private static ReadOnlySpan<float> Join(IReadOnlyList<TrainingWindow> windows, Func<TrainingWindow, float[]> part, ref float[] all)
    {
        var count = windows.Sum(window => part(window).Length);
        if (all.Length < count) all = new float[count];
        var at = 0;
        foreach (var window in windows)
        {
            part(window).CopyTo(all, at);
            at += part(window).Length;
        }

        return all.AsSpan(0, count);
    }
}
