namespace Realtime.Models.Tests.Kernels;

/// <summary>Random inputs and comparisons.</summary>
internal static class Samples
{
    /// <summary>Half the unit in the last place of 1.</summary>
    public const double Rounding = 1.0 / (1 << 24);

    public static float[] Normal(Random random, int count, double deviation = 1, double mean = 0)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(mean + deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }

    /// <summary>Rows with NaN between them, which no kernel may read.</summary>
    public static GuardedFloats Rows(Random random, int rows, int width, int stride, double deviation = 1)
    {
        var matrix = new GuardedFloats(rows == 0 ? 0 : (rows - 1) * stride + width).Poisoned();
        for (var row = 0; row < rows; row++) Normal(random, width, deviation).CopyTo(matrix.Span.Slice(row * stride, width));
        return matrix;
    }

    public static void AssertWithin(double expected, float actual, double bound, string what)
    {
        if (Math.Abs(actual - expected) <= bound) return;
        Assert.Fail($"{what}: {actual:R} instead of {expected:R}, off by {Math.Abs(actual - expected):g3}, allowed {bound:g3}.");
    }

    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])) continue;
            Assert.Fail($"{what}: at {i} {actual[i]:R} instead of {expected[i]:R}.");
        }
    }
}
