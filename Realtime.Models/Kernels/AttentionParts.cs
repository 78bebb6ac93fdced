namespace Realtime.Models.Kernels;

/// <summary>One row's partial attention over several parts of the keys, kept in a ring of slots.</summary>
internal unsafe struct AttentionParts
{
    /// <summary>Slot 0's sums, [Width].</summary>
    public float* Sums;

    /// <summary>Distance of two slots' sums.</summary>
    public nint SumStride;

    /// <summary>Slot 0's largest score.</summary>
    public float* Top;

    /// <summary>Slot 0's sum of weights.</summary>
    public float* Weight;

    /// <summary>Distance of two slots' <see cref="Top"/> and <see cref="Weight"/>.</summary>
    public nint TopStride;

    /// <summary>Slots of the ring, all of which are merged.</summary>
    public int Count;

    /// <summary>Slot of the oldest part: merging goes by age, so that the order of sums does not depend on the ring's turn.</summary>
    public int First;

    public int Width;

    public readonly int Slot(int part) => (First + part) % Count;
}
