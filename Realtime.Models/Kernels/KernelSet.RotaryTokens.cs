namespace Realtime.Models.Kernels;

public abstract partial class KernelSet
{
    /// <summary>
    /// Scores of constant queries against turned keys: score[g, t] = base[row, g] + Σ_i (cos[t, i] even[row, g, i] + sin[t, i] odd[row, g, i]).
    /// With (q₀, q₁) and (k₀, k₁) a pair of channels of query and key, even = q₀ k₀ + q₁ k₁ and odd = q₁ k₀ - q₀ k₁, and the base is the sum over
    /// channels that do not turn: q · R k without turning a key.
    /// </summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="groups">Queries × heads.</param>
    /// <param name="table">[rows, <see cref="RotaryScoreWidth"/>]: for each group even and odd, each padded with zeros to
    /// <see cref="RotaryTokens.Padded"/>; then the bases.</param>
    /// <param name="scores">[groups, tokens].</param>
    public abstract void RotaryScores(in RotaryTokens tokens, int groups, ReadOnlySpan<float> table, Span<float> scores);

    /// <summary>
    /// Weighted sums of turned values: for each group, Σ_t weight[g, t] R(t) v[row, head]. Channels lie apart: the first of each turned
    /// pair, the second of each, and those that do not turn, each part padded with zeros.
    /// </summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="weights">[groups, tokens].</param>
    /// <param name="groups">Queries × heads; group g reads head g % heads.</param>
    /// <param name="heads">Heads of the table.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="table">[rows, tableStride], of which the first heads × <see cref="RotaryValueWidth"/> numbers are read.</param>
    /// <param name="tableStride">Row distance of the table.</param>
    /// <param name="output">[groups, <see cref="RotaryValueWidth"/>].</param>
    public abstract void RotarySums(
        in RotaryTokens tokens, ReadOnlySpan<float> weights, int groups, int heads, int headDim, ReadOnlySpan<float> table, int tableStride, Span<float> output);

    /// <summary>Width of a row of the table of <see cref="RotaryScores"/>.</summary>
    public static int RotaryScoreWidth(int groups, int pairs) => checked(groups * 2 * RotaryTokens.Padded(pairs) + RotaryTokens.Padded(groups));

    /// <summary>Width of one head in the table of <see cref="RotarySums"/> and in its output.</summary>
    public static int RotaryValueWidth(int headDim, int pairs) => 2 * RotaryTokens.Padded(pairs) + RotaryTokens.Padded(headDim - 2 * pairs);
}
