namespace Realtime.Models.Differentiation;

/// <summary>One result on a <see cref="Tape"/>: rows of numbers, and the loss's gradient with respect to them after <see cref="Tape.Backward"/>.
/// Valid until the tape begins anew.</summary>
public sealed unsafe class Variable
{
    private float* _value;
    private float* _gradient;

    public int Rows { get; private set; }

    public int Width { get; private set; }

    /// <summary>[Rows, Width].</summary>
    public Span<float> Value => new(_value, Rows * Width);

    /// <summary>[Rows, Width]; empty where no gradient is needed.</summary>
    public Span<float> Gradient => new(_gradient, _gradient is null ? 0 : Rows * Width);

    /// <summary>Whether anything that learns comes before it.</summary>
    public bool NeedsGradient => _gradient is not null;

    internal void Set(float* value, float* gradient, int rows, int width)
    {
        _value = value;
        _gradient = gradient;
        (Rows, Width) = (rows, width);
    }
}
