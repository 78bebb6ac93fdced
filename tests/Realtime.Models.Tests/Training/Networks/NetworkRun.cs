using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Tests.Training.Networks;

/// <summary>A network with all that one thread needs to run it.</summary>
internal sealed class NetworkRun
{
    private readonly Tape _tape;

    public NetworkRun(ITrainableNetwork network, KernelSet? kernels = null)
    {
        Network = network;
        Gradients = new GradientSet(network.Parameters);
        Packed = new PackedParameters(network.Parameters, kernels ?? KernelSet.Best);
        _tape = new Tape(Packed, Gradients);
    }

    public ITrainableNetwork Network { get; }

    public GradientSet Gradients { get; }

    public PackedParameters Packed { get; }

    public float[] Predict(IReadOnlyList<TrainingWindow> windows)
    {
        _tape.Begin(isTraining: false, 0);
        return Network.Predict(_tape, windows).Value.ToArray();
    }

    /// <summary>The loss of a batch, and if asked for its gradient in place of the former one.</summary>
    /// <param name="windows">The batch.</param>
    /// <param name="withGradient">Whether to run back.</param>
    /// <param name="dropoutSeed">Drops if not null.</param>
    /// <param name="loss">What an error costs.</param>
    public double Loss(IReadOnlyList<TrainingWindow> windows, bool withGradient = true, ulong? dropoutSeed = null, LossKind loss = LossKind.Squared)
    {
        float[] weights = [.. windows.SelectMany(window => window.QueryWeights)];
        _tape.Begin(dropoutSeed is not null, dropoutSeed ?? 0);
        var prediction = Network.Predict(_tape, windows);
        var value = _tape.Loss(prediction, [.. windows.SelectMany(window => window.Targets)], weights, loss, 1 / weights.Sum(weight => (double)weight));
        if (!withGradient) return value;
        Gradients.Clear();
        _tape.Backward();
        return value;
    }
}
