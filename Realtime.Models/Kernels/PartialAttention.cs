namespace Realtime.Models.Kernels;

/// <summary>
/// One head's attention over a part of the keys, added to what other parts gave: rows of Σ e^(score - Top) v with their Top and Sum.
/// Begin with Top = -∞ and the rest 0. Pointers must stay valid during the call.
/// </summary>
internal unsafe struct PartialAttention
{
    /// <summary>[Rows, ScoreDim].</summary>
    public float* Queries;

    public nint QueryStride;

    public int Rows;

    /// <summary>Channels of queries and keys.</summary>
    public int ScoreDim;

    /// <summary>Channels of values.</summary>
    public int HeadDim;

    /// <summary>Panels [ScoreDim, panel width] of keys, one after the other.</summary>
    public float* KeyPanels;

    /// <summary>Panels [BaseRows, panel width] of what scores begin with; row r of the queries takes row r modulo BaseRows.</summary>
    public float* BasePanels;

    public int BaseRows;

    /// <summary>[keys, HeadDim].</summary>
    public float* Values;

    public nint ValueStride;

    /// <summary>Keys that come before the part.</summary>
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
