namespace Realtime.Models.Differentiation;

/// <summary>One result on a <see cref="Tape"/>: rows of numbers, and the loss's gradient with respect to them after <see cref="Tape.Backward"/>.
/// Valid until the tape begins anew.</summary>
public sealed unsafe class Variable
{
    private float* _value;
    private float* _gradient;
    private bool _hasFlow;

    public int Rows { get; private set; }

    public int Width { get; private set; }

    /// <summary>[Rows, Width].</summary>
    public Span<float> Value => new(_value, Rows * Width);

    /// <summary>[Rows, Width]; empty where no gradient is needed.</summary>
    public Span<float> Gradient => new(_gradient, _gradient is null ? 0 : Rows * Width);

    /// <summary>Whether anything that learns comes before it.</summary>
    public bool NeedsGradient => _gradient is not null;

    internal float* ValuePointer => _value;

    /// <summary>The gradient that has come so far; null where none has or none is needed.</summary>
    internal float* Flow => _hasFlow ? _gradient : null;

    internal void Set(float* value, float* gradient, int rows, int width)
    {
        _value = value;
        _gradient = gradient;
        _hasFlow = false;
        (Rows, Width) = (rows, width);
    }

    /// <summary>The gradient for an operation that writes or adds to all of it; null where none is needed.</summary>
    /// <param name="accumulate">Add; otherwise whatever stands there is to be overwritten.</param>
    internal float* GradientToPut(out bool accumulate)
    {
        accumulate = _hasFlow;
        _hasFlow = true;
        return _gradient;
    }

    /// <summary>The gradient for an operation that adds to parts of it; null where none is needed.</summary>
    internal float* GradientToAddTo()
    {
        if (!_hasFlow) Gradient.Clear();
        _hasFlow = true;
        return _gradient;
    }
}
