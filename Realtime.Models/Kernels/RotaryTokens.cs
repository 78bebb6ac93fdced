namespace Realtime.Models.Kernels;

/// <summary>
/// Tokens whose keys and values are rows of a table, turned by each token's own time.
/// See <see cref="KernelSet.RotaryScores"/> for the table's layout.
/// </summary>
/// <param name="rows">The table's row of each token.</param>
/// <param name="cos">[tokens, pairs], and numbers up to <see cref="Length"/>, which are read but do not count; all finite.</param>
/// <param name="sin">As the cosines.</param>
/// <param name="pairs">Rotated pairs of channels of a head.</param>
public readonly ref struct RotaryTokens(ReadOnlySpan<int> rows, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, int pairs)
{
    /// <summary>Parts of table rows begin at multiples of this.</summary>
    private const int Line = 16;

    public readonly ReadOnlySpan<int> Rows = rows;

    public readonly ReadOnlySpan<float> Cos = cos;

    public readonly ReadOnlySpan<float> Sin = sin;

    public readonly int Pairs = pairs;

    /// <summary>Numbers that cosines and sines must have room for.</summary>
    public static int Length(int tokens, int pairs) => checked(tokens * pairs + Line);

    /// <summary>A part's length in a table row.</summary>
    public static int Padded(int length) => (length + Line - 1) / Line * Line;
}
