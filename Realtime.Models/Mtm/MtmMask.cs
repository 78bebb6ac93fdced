namespace Realtime.Models.Mtm;

/// <summary>Which rows of a trial see which. Every row sees itself, and every bin sees the prefix.</summary>
/// <param name="Forward">Later bins that a bin sees; negative for all.</param>
/// <param name="Backward">Earlier bins that a bin sees; negative for all. NB: 0 also means all, as upstream has it.</param>
/// <param name="PrefixSeesBins">
/// Whether the prefix sees all valid bins, as upstream's mask has it under every prompt. Through it bins then see their own future, from the
/// second layer on: such answers cannot be had bin by bin.
/// </param>
public readonly record struct MtmMask(int Forward, int Backward, bool PrefixSeesBins)
{
    /// <summary>Earlier bins only, and a prefix that sees nothing else: what a stream can compute.</summary>
    public static MtmMask StrictCausal { get; } = new(0, -1, false);

    /// <summary>Whether later bins never change an answer.</summary>
    public bool IsCausal => Forward == 0 && !PrefixSeesBins;

    /// <summary>Upstream's mask of a prompt.</summary>
    public static MtmMask Upstream(MtmPrompt prompt) => new(prompt == MtmPrompt.Causal ? 0 : -1, -1, true);

    /// <summary>Whether one row sees another.</summary>
    /// <param name="row">From 0; the prefix comes first.</param>
    /// <param name="other">Likewise.</param>
    /// <param name="prefix">Rows of the prefix.</param>
    /// <param name="valid">For each bin whether others may see it.</param>
    public bool Sees(int row, int other, int prefix, ReadOnlySpan<bool> valid)
    {
        if (row == other) return true;
        if (other < prefix) return true;
        if (!valid[other - prefix]) return false;
        if (row < prefix) return PrefixSeesBins;
        return (Forward < 0 || other <= row + Forward) && (Backward <= 0 || other >= row - Backward);
    }

    /// <summary>What is added to scores: 0, or -∞ where a row does not see another.</summary>
    /// <param name="prefix">Rows of the prefix.</param>
    /// <param name="valid">For each bin whether others may see it.</param>
    /// <param name="bias">[rows, rows], rows = prefix + bins.</param>
    public void Fill(int prefix, ReadOnlySpan<bool> valid, Span<float> bias)
    {
        var rows = prefix + valid.Length;
        for (var row = 0; row < rows; row++)
            for (var other = 0; other < rows; other++) bias[row * rows + other] = Sees(row, other, prefix, valid) ? 0 : float.NegativeInfinity;
    }
}
