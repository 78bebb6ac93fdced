using Realtime.Models.Differentiation;
using Realtime.Models.Weights;

namespace Realtime.Models.Optimization;

/// <summary>
/// LAMB without bias correction: each tensor moves by learning rate × min(|w|, 10) / |d| × d along d = m / (√v + ε) + decay × w, by the
/// learning rate × d where either norm is 0. Norms are of the whole tensor, rows included that a step leaves alone.
/// Source: You et al. 2020 (arXiv 1904.00962); github.com/neuro-galaxy/torch_brain, examples/poyo/optim.py (SparseLamb).
/// </summary>
public sealed class Lamb : IOptimizer
{
    private const double LargestWeightNorm = 10;

    private readonly ParameterSet _parameters;
    private readonly LambOptions _options;
    private readonly Moments _moments;
    private readonly PresentRows _rows = new();
    private float[] _direction = [];

    /// <param name="parameters">What is trained; one that is thawed later starts with moments of 0.</param>
    /// <param name="options">Upstream's values if null.</param>
    public Lamb(ParameterSet parameters, LambOptions? options = null)
    {
        _parameters = parameters;
        _options = options ?? new LambOptions();
        _moments = new Moments(parameters);
    }

    /// <inheritdoc/>
    public void Step(GradientSet gradients, double learningRate, double beta1)
    {
        for (var i = 0; i < _parameters.Count; i++)
            if (!_parameters[i].IsFrozen && gradients.Has(i)) Step(i, gradients[i], learningRate, beta1);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TensorData> Save() => _moments.Save();

    /// <inheritdoc/>
    public void Restore(WeightReader state) => _moments.Restore(state);

    private void Step(int index, ReadOnlySpan<float> gradient, double learningRate, double beta1)
    {
        _moments.Count(index);
        var weight = _parameters[index].Value;
        var first = _moments.First(index);
        var second = _moments.Second(index);
        _rows.Find(_parameters[index], gradient, _options.AbsentRows);
        foreach (var (at, length) in _rows.Stepped)
            StepArithmetic.UpdateMoments(first.Slice(at, length), second.Slice(at, length), gradient.Slice(at, length), beta1, _options.Beta2);
        if (_options.AbsentRows == AbsentRows.ResetMoments)
        {
            foreach (var (at, length) in _rows.Absent)
            {
                first.Slice(at, length).Clear();
                second.Slice(at, length).Clear();
            }
        }

        if (_direction.Length < weight.Length) _direction = new float[weight.Length];
        var direction = _direction.AsSpan(0, weight.Length);
        StepArithmetic.Direction(first, second, weight, (float)_options.Epsilon, (float)_options.WeightDecay, direction);
        var (weightNorm, stepNorm) = (Math.Min(StepArithmetic.Norm(weight), LargestWeightNorm), StepArithmetic.Norm(direction));
        var trust = weightNorm == 0 || stepNorm == 0 ? 1 : weightNorm / stepNorm;
        foreach (var (at, length) in _rows.Stepped)
            StepArithmetic.Subtract(weight.Slice(at, length), direction.Slice(at, length), (float)(learningRate * trust));
    }
}
