using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>What one thread needs for <see cref="KeyValueCache.Attend"/>.</summary>
internal sealed class AttendScratch(int rows, int headDim, KernelSet kernels)
{
    public AlignedFloats Scores { get; } = new(kernels.PartialAttentionScratch);

    /// <summary>[rows, head width], of one head.</summary>
    public AlignedFloats Queries { get; } = new(rows * headDim);

    /// <summary>[rows, head width], of one head.</summary>
    public AlignedFloats Sums { get; } = new(rows * headDim);

    /// <summary>[rows].</summary>
    public float[] Top { get; } = new float[rows];

    /// <summary>[rows].</summary>
    public float[] Weight { get; } = new float[rows];
}
