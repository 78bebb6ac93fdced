namespace Realtime.Models.Kernels;

/// <summary>
/// One head's attention over a part of the keys, added to what other parts gave: rows of Σ e^(score - Top) v with their Top and Sum.
/// Begin with Top = -∞ and the rest 0. Pointers must stay valid during the call.
/// </summary>
internal unsafe struct PartialAttention
{
    /// <summary>[Rows, HeadDim].</summary>
    public float* Queries;

    public nint QueryStride;

    public int Rows;

    public int HeadDim;

    /// <summary>Panels [HeadDim, panel width] of keys, one after the other; the first key may lie inside the first panel.</summary>
    public float* KeyPanels;

    /// <summary>[keys, HeadDim], from the first panel's first key on.</summary>
    public float* Values;

    public nint ValueStride;

    /// <summary>Keys of the first panel that come before the part; finite numbers, which get no weight.</summary>
    public int Skip;

    /// <summary>Keys of the part.</summary>
    public int Count;

    /// <summary>[Rows, HeadDim].</summary>
    public float* Sums;

    public nint SumStride;

    /// <summary>[Rows], the largest score so far.</summary>
    public float* Top;

    /// <summary>[Rows], Σ e^(score - Top).</summary>
    public float* Weight;

    /// <summary>Room for <see cref="KernelSet.PartialAttentionScratch"/> numbers.</summary>
    public float* Scratch;
}
