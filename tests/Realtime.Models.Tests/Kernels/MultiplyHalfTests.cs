using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

public sealed class MultiplyHalfTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Fact]
    public void Rounding_is_to_the_nearest_with_ties_to_even()
    {
        // 1 + 2^-8 lies in the middle of 1 and 1 + 2^-7; 1 + 3 * 2^-8 in the middle of 1 + 2^-7 and 1 + 2^-6.
        Assert.Equal(1f, Rounded(1 + 1f / 256));
        Assert.Equal(1 + 1f / 128, Rounded(MathF.BitIncrement(1 + 1f / 256)));
        Assert.Equal(1 + 1f / 64, Rounded(1 + 3f / 256));
        Assert.Equal(-1f, Rounded(-1 - 1f / 256));
        Assert.Equal(float.PositiveInfinity, Rounded(float.MaxValue));
        Assert.Equal(float.NegativeInfinity, Rounded(float.NegativeInfinity));
        Assert.True(float.IsNaN(Rounded(float.NaN)) && float.IsNaN(Rounded(BitConverter.UInt32BitsToSingle(0x7F800001))));
        Assert.Equal(0x8000, BrainFloat.Round(-0f));
        foreach (var value in Samples.Normal(new Random(40), 10000, 3))
        {
            var rounded = Rounded(value);
            Assert.True(Math.Abs((double)rounded - value) <= Math.Abs(value) / 256, $"{value:R} becomes {rounded:R}.");

            // No bfloat16 is nearer.
            var (bits, error) = (BrainFloat.Round(value), Math.Abs((double)rounded - value));
            Assert.True(error <= Math.Abs((double)BrainFloat.Widen((ushort)(bits + 1)) - value) && error <= Math.Abs((double)BrainFloat.Widen((ushort)(bits - 1)) - value));
        }
    }

    /// <summary>Of every number of rows and of outputs, with sums of several chains.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Products_are_to_the_bit_those_of_the_rounded_weights(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(41);
        foreach (var (inputs, outputs) in new[] { (1, 1), (3, 16), (45, 70), (64, 128), (300, 33), (512, 257), (600, 300), (70, 15), (0, 40) })
        {
            var weights = Samples.Normal(random, outputs * inputs);
            var bias = outputs % 2 == 0 ? [] : Samples.Normal(random, outputs);
            var half = kernels.PackHalf(weights, outputs, inputs, bias);
            var full = kernels.Pack(Array.ConvertAll(weights, Rounded), outputs, inputs, bias);
            Assert.Equal((outputs, inputs), (half.Outputs, half.Inputs));
            foreach (var rows in new[] { 0, 1, 2, 3, 4, 5, 7, 8, 13 })
            {
                foreach (var accumulate in new[] { false, true })
                {
                    var what = $"{set}: {rows} rows, {inputs} inputs, {outputs} outputs, accumulate {accumulate}";
                    var a = Samples.Rows(random, rows, inputs, inputs + 3);
                    var c = Samples.Rows(random, rows, outputs, outputs + 2);
                    var expected = c.Span.ToArray();
                    kernels.Multiply(a.Span, inputs + 3, rows, half, c.Span, outputs + 2, accumulate);
                    kernels.Multiply(a.Span, inputs + 3, rows, full, expected, outputs + 2, accumulate);
                    c.AssertUntouched(what);
                    Samples.AssertSameBits(expected, c.Span, what);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Products_are_within_the_rounding_of_their_sums(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(42);
        const int Inputs = 100, Outputs = 150, Rows = 6;
        var (weights, bias, a) = (Samples.Normal(random, Outputs * Inputs), Samples.Normal(random, Outputs), Samples.Normal(random, Rows * Inputs));
        var c = new float[Rows * Outputs];
        kernels.Multiply(a, Inputs, Rows, kernels.PackHalf(weights, Outputs, Inputs, bias), c, Outputs);
        for (var row = 0; row < Rows; row++)
        {
            for (var output = 0; output < Outputs; output++)
            {
                double sum = bias[output], size = Math.Abs(sum);
                for (var k = 0; k < Inputs; k++)
                {
                    var term = (double)a[row * Inputs + k] * Rounded(weights[output * Inputs + k]);
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                Samples.AssertWithin(sum, c[row * Outputs + output], (Inputs + 2) * Samples.Rounding * size, $"{set}, at {row}, {output}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Wrong_sizes_are_refused(string set)
    {
        var kernels = KernelSets.Named(set);
        var weight = kernels.PackHalf(new float[12], 4, 3, []);
        Assert.Throws<ArgumentException>(() => kernels.PackHalf(new float[11], 4, 3, []));
        Assert.Throws<ArgumentException>(() => kernels.PackHalf(new float[12], 4, 3, new float[3]));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(new float[6], 2, 2, weight, new float[8], 4));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(new float[6], 3, 2, weight, new float[7], 4));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(new float[6], 3, -1, weight, new float[8], 4));
    }

    private static float Rounded(float value) => BrainFloat.Widen(BrainFloat.Round(value));
}
