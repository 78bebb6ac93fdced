using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>What one thread needs for <see cref="KeyValueCache.Attend"/>.</summary>
internal sealed class AttendScratch(int rows, KernelSet kernels)
{
    public AlignedFloats Scores { get; } = new(kernels.PartialAttentionScratch);

    /// <summary>[rows].</summary>
    public float[] Top { get; } = new float[rows];

    /// <summary>[rows].</summary>
    public float[] Weight { get; } = new float[rows];
}
