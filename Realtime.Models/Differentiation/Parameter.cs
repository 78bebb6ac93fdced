using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation;

/// <summary>One tensor that is trained, row-major under the model file's name. One thread writes; many may read between steps.</summary>
public sealed class Parameter
{
    public Parameter(string name, ParameterKind kind, ReadOnlySpan<float> values, params long[] shape)
    {
        (Name, Kind, Shape) = (name, kind, shape);
        Width = (int)shape[^1];
        Memory = new AlignedFloats(values.Length);
        values.CopyTo(Memory.Span);
    }

    public string Name { get; }

    public ParameterKind Kind { get; }

    public IReadOnlyList<long> Shape { get; }

    /// <summary>Numbers in a row; a vector is one row.</summary>
    public int Width { get; }

    public int Rows => Memory.Length / Width;

    public Span<float> Value => Memory.Span;

    /// <summary>Frozen parameters get no gradient and are not touched by a step.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Multiplies the weight decay that the recipe sets.</summary>
    public double DecayFactor { get; init; } = 1;

    internal AlignedFloats Memory { get; }
}
