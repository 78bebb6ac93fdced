namespace Realtime.Models.Mtm;

/// <summary>Who sees whom within a trial.</summary>
/// <param name="IsCausal">Whether bins see no later bin.</param>
/// <param name="Backward">Bins that a bin sees before itself; negative or 0 for all, as upstream has it.</param>
/// <param name="PrefixSeesBins">Whether the prefix sees bins though causal, as upstream's mask has it: then every bin sees the future through it.</param>
public readonly record struct MtmMask(bool IsCausal, int Backward = -1, bool PrefixSeesBins = false)
{
    /// <summary>Whether every row sees every other.</summary>
    public bool IsFull => !IsCausal && Backward <= 0;

    /// <summary>[prefix + bins, prefix + bins], 0 where a row sees a column and -∞ where not.</summary>
    public float[] Table(int prefix, int bins)
    {
        var rows = prefix + bins;
        var table = new float[rows * rows];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < rows; column++)
                if (row != column && !Sees(row - prefix, column - prefix)) table[row * rows + column] = float.NegativeInfinity;
        return table;
    }

    /// <summary>Whether a bin sees another; negative numbers are rows of the prefix.</summary>
    private bool Sees(int bin, int other)
    {
        if (other < 0) return true;
        if (bin < 0) return !IsCausal || PrefixSeesBins;
        return (!IsCausal || other <= bin) && (Backward <= 0 || other >= bin - Backward);
    }
}
