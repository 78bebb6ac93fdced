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

    /// <summary>sum = (a + b) + c, of the sum's length; c may be empty.</summary>
    public static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> sum)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= sum.Length; i += Vector<float>.Count)
        {
            var own = new Vector<float>(a[i..]) + new Vector<float>(b[i..]);
            (c.IsEmpty ? own : own + new Vector<float>(c[i..])).CopyTo(sum[i..]);
        }

        for (; i < sum.Length; i++) sum[i] = c.IsEmpty ? a[i] + b[i] : a[i] + b[i] + c[i];
    }
}
