namespace Realtime.Models.Mtm;

/// <summary>The blocks of the live form, from the rows of bins to the states of the newest ones. One thread at a time; allocates nothing per bin.</summary>
internal interface ILiveTrunk
{
    /// <summary>Forgets all bins.</summary>
    void Restart();

    /// <summary>Takes the next bin.</summary>
    /// <param name="bin">[hidden], without position.</param>
    /// <param name="skipped">Bins that are missing before it: they count as positions, and nobody sees them.</param>
    /// <param name="lost">Whether later bins must not see this one, since its silence may be no silence.</param>
    /// <param name="states">
    /// [forward bins + head bins, hidden], newest first: states after the output norm of the bins ahead, of this one, and of those before it. Carried from
    /// call to call; zero for bins before the first.
    /// </param>
    /// <returns>Bins ahead that have a state: fewer than asked for near the last position.</returns>
    int Step(ReadOnlySpan<float> bin, int skipped, bool lost, Span<float> states);
}
