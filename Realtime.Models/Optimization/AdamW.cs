using Realtime.Models.Differentiation;
using Realtime.Models.Weights;

namespace Realtime.Models.Optimization;

/// <summary>
/// Adam with decoupled weight decay and bias correction, each parameter by its own count of steps; the first moment's correction takes
/// β₁ of the present step. Source: Loshchilov and Hutter 2019 (arXiv 1711.05101); torch.optim.AdamW.
/// </summary>
public sealed class AdamW : IOptimizer
{
    private readonly ParameterSet _parameters;
    private readonly AdamWOptions _options;
    private readonly Moments _moments;
    private readonly PresentRows _rows = new();

    /// <param name="parameters">What is trained; one that is thawed later starts with moments of 0.</param>
    /// <param name="options">PyTorch's values if null.</param>
    public AdamW(ParameterSet parameters, AdamWOptions? options = null)
    {
        _parameters = parameters;
        _options = options ?? new AdamWOptions();
        _moments = new Moments(parameters);
    }

    /// <inheritdoc/>
    public void Step(GradientSet gradients, double learningRate, double beta1)
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (_parameters[i].IsFrozen || !gradients.Has(i)) continue;
            if (_parameters[i].Kind == ParameterKind.SessionPart && gradients[i].IndexOfAnyExcept(0f) < 0) continue;
            Step(i, gradients[i], learningRate, beta1);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<TensorData> Save() => _moments.Save();

    /// <inheritdoc/>
    public void Restore(WeightReader state) => _moments.Restore(state);

    private void Step(int index, ReadOnlySpan<float> gradient, double learningRate, double beta1)
    {
        var steps = _moments.Count(index);
        var decay = _options.Decays?.Invoke(_parameters[index]) ?? true ? _options.WeightDecay * _parameters[index].DecayFactor : 0;
        var keep = (float)(1 - learningRate * decay);
        var rate = (float)(learningRate / (1 - Power(beta1, steps)));
        var correction = (float)Math.Sqrt(1 - Power(_options.Beta2, steps));
        var weight = _parameters[index].Value;
        var first = _moments.First(index);
        var second = _moments.Second(index);
        _rows.Find(_parameters[index], gradient, _options.AbsentRows);
        foreach (var (at, length) in _rows.Stepped)
        {
            var m = first.Slice(at, length);
            var v = second.Slice(at, length);
            StepArithmetic.UpdateMoments(m, v, gradient.Slice(at, length), beta1, _options.Beta2);
            StepArithmetic.AdamStep(weight.Slice(at, length), m, v, keep, rate, correction, (float)_options.Epsilon);
        }

        if (_options.AbsentRows != AbsentRows.ResetMoments) return;
        foreach (var (at, length) in _rows.Absent)
        {
            first.Slice(at, length).Clear();
            second.Slice(at, length).Clear();
        }
    }

    /// <summary>By squaring: Math.Pow differs between platforms.</summary>
    private static double Power(double x, long exponent)
    {
        var power = 1.0;
        for (; exponent > 0; exponent >>= 1, x *= x)
            if ((exponent & 1) != 0) power *= x;
        return power;
    }
}
