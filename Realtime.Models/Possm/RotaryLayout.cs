using Realtime.Models.Kernels;

namespace Realtime.Models.Possm;

/// <summary>Where the channels of heads lie in the tables of <see cref="KernelSet.RotaryScores"/> and <see cref="KernelSet.RotarySums"/>.</summary>
/// <param name="Heads">Heads of a row.</param>
/// <param name="HeadDim">Width of a head.</param>
/// <param name="Pairs">Turned pairs of a head.</param>
internal readonly record struct RotaryLayout(int Heads, int HeadDim, int Pairs)
{
    /// <summary>Width of one head.</summary>
    public int ValueWidth => KernelSet.RotaryValueWidth(HeadDim, Pairs);

    /// <summary>Width of a row of values.</summary>
    public int RowWidth => Heads * ValueWidth;

    /// <summary>Place of a channel of the model's order, [heads × headDim].</summary>
    public int Place(int channel)
    {
        var (head, inner) = Math.DivRem(channel, HeadDim);
        var part = RotaryTokens.Padded(Pairs);
        var at = inner >= 2 * Pairs ? 2 * part + inner - 2 * Pairs : inner % 2 * part + inner / 2;
        return head * ValueWidth + at;
    }

    /// <summary>Writes one group's even and odd numbers of a score table, and returns the base.</summary>
    /// <param name="query">The group's query, one head.</param>
    /// <param name="key">The head of a key.</param>
    /// <param name="even">Where the even numbers go; the odd ones follow a part further.</param>
    public double Scores(ReadOnlySpan<double> query, ReadOnlySpan<double> key, Span<float> even)
    {
        var odd = even[RotaryTokens.Padded(Pairs)..];
        for (var pair = 0; pair < Pairs; pair++)
        {
            var (q0, q1) = (query[2 * pair], query[2 * pair + 1]);
            var (k0, k1) = (key[2 * pair], key[2 * pair + 1]);
            even[pair] = (float)(q0 * k0 + q1 * k1);
            odd[pair] = (float)(q1 * k0 - q0 * k1);
        }

        double sum = 0;
        for (var channel = 2 * Pairs; channel < HeadDim; channel++) sum += query[channel] * key[channel];
        return sum;
    }

    /// <summary>Columns of a map [outputs, heads × headDim] put where the channels lie, [outputs, RowWidth].</summary>
    public float[] Columns(ReadOnlySpan<double> weight)
    {
        var inputs = Heads * HeadDim;
        var outputs = weight.Length / inputs;
        var placed = new float[outputs * RowWidth];
        for (var output = 0; output < outputs; output++)
            for (var channel = 0; channel < inputs; channel++) placed[output * RowWidth + Place(channel)] = (float)weight[output * inputs + channel];
        return placed;
    }
}
