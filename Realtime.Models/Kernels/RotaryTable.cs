namespace Realtime.Models.Kernels;

/// <summary>
/// Cosines and sines for rotating pairs of channels, one row per time. Row layout: <see cref="Width"/> = 2 × pairs numbers; cosines
/// each twice, sines each twice with the first negated. Channels of a head at and beyond Width are not rotated.
/// </summary>
public sealed class RotaryTable
{
    /// <param name="rows">Times it can hold.</param>
    /// <param name="pairs">Rotated pairs per head, those of frequency 0 left out.</param>
    public RotaryTable(int rows, int pairs)
    {
        Rows = rows;
        Width = 2 * pairs;
        CosMemory = new AlignedFloats(checked(rows * Width));
        SinMemory = new AlignedFloats(checked(rows * Width));
    }

    public int Rows { get; }

    public int Width { get; }

    /// <summary>[Rows, Width]: c0, c0, c1, c1, ...</summary>
    public Span<float> Cos => CosMemory.Span;

    /// <summary>[Rows, Width]: -s0, s0, -s1, s1, ...</summary>
    public Span<float> Sin => SinMemory.Span;

    internal AlignedFloats CosMemory { get; }

    internal AlignedFloats SinMemory { get; }
}
