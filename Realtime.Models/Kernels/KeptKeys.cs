namespace Realtime.Models.Kernels;

/// <summary>
/// Keys of an attention in the order that scores read them, kept from call to call while more of them come. Made by <see cref="KernelSet.MakeKeptKeys"/> for
/// that set only. One thread writes while none reads.
/// </summary>
/// <remarks>Per head panels [headDim, panel width], as <see cref="PackedMatrix"/> has them of a weight.</remarks>
public sealed class KeptKeys
{
    internal KeptKeys(int capacity, int heads, int headDim, int panelWidth)
    {
        if (capacity < 0 || heads < 1 || headDim < 1) throw new ArgumentException($"{capacity} keys of {heads} heads of {headDim} cannot be kept.");
        (Capacity, Heads, HeadDim, PanelWidth) = (capacity, heads, headDim, panelWidth);
        HeadLength = checked((capacity + panelWidth - 1) / panelWidth * panelWidth * headDim);
        Panels = new AlignedFloats(checked(heads * HeadLength));
    }

    /// <summary>The most keys.</summary>
    public int Capacity { get; }

    public int Heads { get; }

    /// <summary>Width of a head.</summary>
    public int HeadDim { get; }

    /// <summary>Keys that have come.</summary>
    public int Count { get; internal set; }

    internal int PanelWidth { get; }

    /// <summary>Numbers from one head to the next.</summary>
    internal int HeadLength { get; }

    internal AlignedFloats Panels { get; }

    /// <summary>Forgets all but the first keys.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
    }
}
