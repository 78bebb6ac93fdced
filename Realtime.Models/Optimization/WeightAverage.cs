using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Weights;

namespace Realtime.Models.Optimization;

/// <summary>
/// A running average of weights: the plain mean of the first 1 / (1 - decay) updates, an exponential one from there on, so that the weights
/// at the start of training never count. One thread.
/// </summary>
public sealed class WeightAverage
{
    private const string Prefix = "average.";
    private const string Count = "average_updates";

    private readonly ParameterSet _parameters;
    private readonly double _decay;
    private readonly AlignedFloats[] _averages;
    private long _updates;

    /// <param name="parameters">What is trained.</param>
    /// <param name="decay">Share of the average that an update leaves, above 0 and below 1.</param>
    public WeightAverage(ParameterSet parameters, double decay)
    {
        if (!(decay is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(decay), decay, "Above 0 and below 1 is possible; 0.999 is usual.");
        _parameters = parameters;
        _decay = decay;
        _averages = [.. Enumerable.Range(0, parameters.Count).Select(i => new AlignedFloats(parameters[i].Value.Length))];
        for (var i = 0; i < _averages.Length; i++) parameters[i].Value.CopyTo(_averages[i].Span);
    }

    /// <summary>Takes in the present weights; call it after each step.</summary>
    public void Update()
    {
        var share = (float)Math.Max(1 - _decay, 1.0 / ++_updates);
        for (var i = 0; i < _averages.Length; i++)
        {
            // NB: x + (y - x) is not always y.
            if (_updates == 1) _parameters[i].Value.CopyTo(_averages[i].Span);
            else StepArithmetic.MoveTowards(_averages[i].Span, _parameters[i].Value, share);
        }
    }

    /// <summary>The averages, and the constants, as a model file keeps them; the present weights before the first update.</summary>
    public IReadOnlyList<TensorData> ToTensors()
    {
        var ofParameters = Enumerable.Range(0, _parameters.Count).ToDictionary(i => _parameters[i].Name, StringComparer.Ordinal);
        return
        [
            .. _parameters.ToTensors().Select(tensor =>
                ofParameters.TryGetValue(tensor.Name, out var i) ? TensorData.Of(tensor.Name, Average(i), [.. tensor.Shape]) : tensor),
        ];
    }

    /// <summary>The averages and their count, as tensors that a checkpoint keeps.</summary>
    public IReadOnlyList<TensorData> Save() =>
    [
        .. Enumerable.Range(0, _parameters.Count).Select(i => TensorData.Of(Prefix + _parameters[i].Name, _averages[i].Span, [.. _parameters[i].Shape])),
        TensorData.Of(Count, [_updates], 1),
    ];

    /// <summary>Goes on where <see cref="Save"/> was called.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or of another shape.</exception>
    public void Restore(WeightReader state)
    {
        for (var i = 0; i < _averages.Length; i++) state.Floats(Prefix + _parameters[i].Name, [.. _parameters[i].Shape]).CopyTo(_averages[i].Span);
        _updates = state.Longs(Count, 1)[0];
    }

    private ReadOnlySpan<float> Average(int i) => _updates == 0 ? _parameters[i].Value : _averages[i].Span;
}
