namespace Realtime.Models.Kernels;

/// <summary>
/// What a product's tiles fetch into the cache for the next panel: a little at each step of k. NB: many requests at once fill the processor's few
/// places for them, and the tile waits; spread over its steps they cost nothing.
/// </summary>
/// <param name="address">Where to begin.</param>
/// <param name="step">Numbers from one step of k to the next.</param>
internal readonly unsafe struct Prefetch(float* address, nint step)
{
    /// <summary>Numbers in a line of the cache.</summary>
    public const int Line = 16;

    public readonly float* Address = address;

    public readonly nint Step = step;

    /// <summary>Numbers of a panel of the same depth, spread over tiles.</summary>
    public static Prefetch Over(float* address, int panelWidth, int tiles) => new(address, (panelWidth + tiles - 1) / tiles);

    /// <summary>What is left after some steps of k.</summary>
    public Prefetch After(nint steps) => new(Address + steps * Step, Step);

    /// <summary>Nothing: asks for what is there already. NB: not the null address, whose translation the processor would look for each time.</summary>
    public static Prefetch Nothing(PanelOperand own) => new(own.Data, 0);
}
