using Realtime.Models.Kernels;

namespace Realtime.Models.Mtm;

/// <summary>Attention of one query key by key: it reads keys and values once, where they lie, instead of turning them into panels first.</summary>
internal static unsafe class OneQuery
{
    /// <summary>Numbers that <see cref="Attend"/> needs as scratch.</summary>
    public static int Scratch(KernelSet kernels, int keys, int headDim) => kernels.SegmentScratch(1, keys, headDim);

    /// <summary>As <see cref="KernelSet.Attend"/> for one query that sees every key.</summary>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="shape">Sizes and strides; one query.</param>
    /// <param name="q">[heads × headDim].</param>
    /// <param name="k">[keys, heads × headDim].</param>
    /// <param name="v">[keys, heads × headDim].</param>
    /// <param name="output">[heads × headDim].</param>
    /// <param name="scratch">At least <see cref="Scratch"/> numbers.</param>
    public static void Attend(KernelSet kernels, in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output, Span<float> scratch)
    {
        fixed (float* pq = q, pk = k, pv = v, po = output, ps = scratch)
        {
            var segment = new SegmentAttention
            {
                Queries = 1,
                Keys = shape.Keys,
                Heads = shape.Heads,
                HeadDim = shape.HeadDim,
                Scale = 1,
                Query = pq,
                QueryStride = shape.QueryStride,
                Key = pk,
                KeyStride = shape.KeyStride,
                Value = pv,
                ValueStride = shape.ValueStride,
                Output = po,
                OutputStride = shape.OutputStride,
                Scratch = ps,
            };
            kernels.AttendSegment(in segment);
        }
    }
}
