using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Weights;

namespace Realtime.Models.Optimization;

/// <summary>Running means of the gradient and of its square for each parameter that has been trained, and the number of its steps. One thread.</summary>
internal sealed class Moments
{
    private const string Prefix = "optimizer.";

    private readonly ParameterSet _parameters;
    private readonly AlignedFloats?[] _first;
    private readonly AlignedFloats?[] _second;
    private readonly long[] _steps;

    public Moments(ParameterSet parameters)
    {
        _parameters = parameters;
        _first = new AlignedFloats?[parameters.Count];
        _second = new AlignedFloats?[parameters.Count];
        _steps = new long[parameters.Count];
        for (var i = 0; i < parameters.Count; i++)
            if (!parameters[i].IsFrozen) Make(i);
    }

    /// <summary>Counts a step of a parameter; one that was frozen until now starts from moments of 0.</summary>
    /// <returns>Steps of this parameter so far, this one included.</returns>
    public long Count(int parameter)
    {
        if (_first[parameter] is null) Make(parameter);
        return ++_steps[parameter];
    }

    public Span<float> First(int parameter) => _first[parameter]!.Span;

    public Span<float> Second(int parameter) => _second[parameter]!.Span;

    /// <summary>Three tensors for each parameter that has moments.</summary>
    public IReadOnlyList<TensorData> Save()
    {
        var tensors = new List<TensorData>();
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (_first[i] is null) continue;
            var (name, shape) = (_parameters[i].Name, _parameters[i].Shape.ToArray());
            tensors.Add(TensorData.Of(FirstOf(name), First(i), shape));
            tensors.Add(TensorData.Of(SecondOf(name), Second(i), shape));
            tensors.Add(TensorData.Of(StepsOf(name), [_steps[i]], 1));
        }

        return tensors;
    }

    /// <exception cref="ModelFormatException">A tensor of a parameter that learns is missing, or one has another shape.</exception>
    public void Restore(WeightReader state)
    {
        for (var i = 0; i < _parameters.Count; i++)
        {
            var name = _parameters[i].Name;
            if (_parameters[i].IsFrozen && !state.Has(FirstOf(name)))
            {
                (_first[i], _second[i], _steps[i]) = (null, null, 0);
                continue;
            }

            if (_first[i] is null) Make(i);
            var shape = _parameters[i].Shape.ToArray();
            state.Floats(FirstOf(name), shape).CopyTo(First(i));
            state.Floats(SecondOf(name), shape).CopyTo(Second(i));
            _steps[i] = state.Longs(StepsOf(name), 1)[0];
        }
    }

    private void Make(int parameter)
    {
        _first[parameter] = new AlignedFloats(_parameters[parameter].Value.Length);
        _second[parameter] = new AlignedFloats(_parameters[parameter].Value.Length);
    }

    private static string FirstOf(string name) => $"{Prefix}first.{name}";

    private static string SecondOf(string name) => $"{Prefix}second.{name}";

    private static string StepsOf(string name) => $"{Prefix}steps.{name}";
}
