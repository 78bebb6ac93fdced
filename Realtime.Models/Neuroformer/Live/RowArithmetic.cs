using System.Numerics;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>Sums and products of single rows; each element by the same operations whatever the width of the processor's vectors.</summary>
internal static class RowArithmetic
{
    public static void Scale(Span<float> row, float factor)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= row.Length; i += Vector<float>.Count) (new Vector<float>(row[i..]) * factor).CopyTo(row[i..]);
        for (; i < row.Length; i++) row[i] *= factor;
    }

    /// <summary>sum += row.</summary>
    public static void Add(ReadOnlySpan<float> row, Span<float> sum)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= row.Length; i += Vector<float>.Count) (new Vector<float>(sum[i..]) + new Vector<float>(row[i..])).CopyTo(sum[i..]);
        for (; i < row.Length; i++) sum[i] += row[i];
    }
}
