using System.Numerics.Tensors;
using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation;

/// <summary>The gradient of every parameter that is not frozen, for one part of a batch or for all of it. One thread at a time.</summary>
public sealed class GradientSet
{
    private readonly AlignedFloats?[] _gradients;

    public GradientSet(ParameterSet parameters)
    {
        Parameters = parameters;
        _gradients = [.. Enumerable.Range(0, parameters.Count).Select(i => parameters[i].IsFrozen ? null : new AlignedFloats(parameters[i].Value.Length))];
    }

    public ParameterSet Parameters { get; }

    /// <summary>Whether the parameter has a gradient here: it was not frozen when the set was made.</summary>
    public bool Has(int parameter) => _gradients[parameter] is not null;

    public Span<float> this[int parameter] => _gradients[parameter]!.Span;

    /// <summary>Null for a parameter without a gradient.</summary>
    internal unsafe float* Pointer(int parameter) => _gradients[parameter] is { } gradient ? gradient.Pointer : null;

    public void Clear()
    {
        foreach (var gradient in _gradients) gradient?.Span.Clear();
    }

    /// <summary>Adds another set, number by number.</summary>
    public void Add(GradientSet other)
    {
        for (var i = 0; i < _gradients.Length; i++)
            if (_gradients[i] is { } own) TensorPrimitives.Add(own.Span, other[i], own.Span);
    }

    /// <summary>Multiplies all gradients so that their common Euclidean norm is at most <paramref name="largest"/>.</summary>
    /// <returns>The norm before; not finite if any gradient is not.</returns>
    public double Clip(double largest)
    {
        double sum = 0;
        foreach (var gradient in _gradients)
        {
            if (gradient is null) continue;
            foreach (var value in gradient.Span) sum += (double)value * value;
        }

        var norm = Math.Sqrt(sum);
        if (!(norm > largest)) return norm;
        var factor = (float)(largest / (norm + 1e-6));
        foreach (var gradient in _gradients)
            if (gradient is not null) TensorPrimitives.Multiply(gradient.Span, factor, gradient.Span);
        return norm;
    }
}
