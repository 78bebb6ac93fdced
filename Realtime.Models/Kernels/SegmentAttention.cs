namespace Realtime.Models.Kernels;

/// <summary>
/// One attention with what its way back needs. Strides are distances of rows in numbers; a gradient has the stride of its values. Heads are
/// contiguous blocks of a row.
/// </summary>
internal unsafe struct SegmentAttention
{
    public int Queries;

    public int Keys;

    public int Heads;

    /// <summary>Width of a head.</summary>
    public int HeadDim;

    /// <summary>Scores are multiplied by this.</summary>
    public float Scale;

    public float* Query;

    public nint QueryStride;

    public float* Key;

    public nint KeyStride;

    public float* Value;

    public nint ValueStride;

    /// <summary>[Queries, Keys], added to the scaled scores of every head; null for none.</summary>
    public float* Mask;

    public float* Output;

    public nint OutputStride;

    /// <summary>Gradient of the output.</summary>
    public float* OutputGradient;

    /// <summary>Added to; null where none is needed.</summary>
    public float* QueryGradient;

    /// <summary>Added to; null where none is needed.</summary>
    public float* KeyGradient;

    /// <summary>Added to; null where none is needed.</summary>
    public float* ValueGradient;

    /// <summary>What the way forward leaves for the way back; null where there is none.</summary>
    public float* Kept;

    public float* Scratch;

    /// <summary>Of the weights.</summary>
    public DropoutDraw Draw;

    /// <summary>Place of the first head's, first query's, first key's weight in the draw; keys run fastest, then queries, then heads.</summary>
    public uint FirstPlace;
}
