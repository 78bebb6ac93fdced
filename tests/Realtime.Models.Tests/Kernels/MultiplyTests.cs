namespace Realtime.Models.Tests.Kernels;

public sealed class MultiplyTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Products_of_all_shapes_are_within_the_rounding_of_their_sums(string set)
    {
        var random = new Random(10);
        foreach (var rows in new[] { 0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 17, 33 })
            foreach (var inputs in new[] { 1, 2, 3, 16, 31, 64, 128 })
                Check(set, random, rows, inputs, 1 + random.Next(70), random.Next(3) * 5, random.Next(3) * 3, random.Next(2) == 0, random.Next(2) == 0);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Many_rows_of_wide_and_deep_matrices_are_within_the_rounding_of_their_sums(string set)
    {
        var random = new Random(14);
        foreach (var rows in new[] { 23, 24, 25, 26, 27, 28, 29, 30, 67 })
            foreach (var inputs in new[] { 1, 255, 256, 257, 600 })
                Check(set, random, rows, inputs, 60 + random.Next(140), random.Next(2) * 5, random.Next(2) * 3, random.Next(2) == 0, random.Next(2) == 0);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Outputs_of_every_width_are_right_and_nothing_else_is_written(string set)
    {
        var random = new Random(11);
        for (var outputs = 1; outputs <= 70; outputs++)
            for (var option = 0; option < 4; option++)
                Check(set, random, outputs % 2 == 0 ? 1 : 1 + random.Next(20), 1 + random.Next(40), outputs, 3, 5, option % 2 == 0, option / 2 == 0);
        foreach (var outputs in new[] { 127, 128, 129, 192, 256, 300 }) Check(set, random, 1, 70, outputs, 0, 0, true, true);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Splitting_the_rows_does_not_change_a_bit(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(12);
        foreach (var (outputs, inputs) in new[] { (5, 45), (16, 45), (32, 45), (33, 45), (64, 45), (70, 45), (130, 45), (257, 45), (64, 300), (130, 520) })
        {
            const int rows = 37;
            var weight = kernels.Pack(Samples.Normal(random, outputs * inputs), outputs, inputs, Samples.Normal(random, outputs));
            var a = Samples.Normal(random, rows * inputs);
            var before = Samples.Normal(random, rows * outputs);
            foreach (var accumulate in new[] { false, true })
            {
                var whole = (float[])before.Clone();
                kernels.Multiply(a, inputs, rows, weight, whole, outputs, accumulate);
                for (var split = 1; split < rows; split++)
                {
                    var parts = (float[])before.Clone();
                    kernels.Multiply(a, inputs, split, weight, parts, outputs, accumulate);
                    kernels.Multiply(a.AsSpan(split * inputs), inputs, rows - split, weight, parts.AsSpan(split * outputs), outputs, accumulate);
                    Samples.AssertSameBits(whole, parts, $"{set}, {outputs} outputs, {split} + {rows - split} rows, accumulate {accumulate}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void NaN_stays_in_its_row_or_its_output(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(13);
        const int Rows = 19, Inputs = 20, Outputs = 41;
        var weights = Samples.Normal(random, Outputs * Inputs);
        var a = Samples.Normal(random, Rows * Inputs);
        a[6 * Inputs + 3] = float.NaN;
        weights[40 * Inputs + 7] = float.NaN;
        var c = new float[Rows * Outputs];
        kernels.Multiply(a, Inputs, Rows, kernels.Pack(weights, Outputs, Inputs, []), c, Outputs);
        for (var row = 0; row < Rows; row++)
            for (var output = 0; output < Outputs; output++) Assert.Equal(row == 6 || output == 40, float.IsNaN(c[row * Outputs + output]));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Wrong_sizes_are_refused(string set)
    {
        var kernels = KernelSets.Named(set);
        var weight = kernels.Pack(new float[12], 4, 3, []);
        Assert.Throws<ArgumentException>(() => kernels.Pack(new float[11], 4, 3, []));
        Assert.Throws<ArgumentException>(() => kernels.Pack(new float[12], 4, 3, new float[3]));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(new float[6], 2, 2, weight, new float[8], 4));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(new float[6], 3, 2, weight, new float[8], 3));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(new float[5], 3, 2, weight, new float[8], 4));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(new float[6], 3, 2, weight, new float[7], 4));
        Assert.Throws<ArgumentException>(() => kernels.Multiply(new float[6], 3, -1, weight, new float[8], 4));
    }

    private static void Check(string set, Random random, int rows, int inputs, int outputs, int aGap, int cGap, bool hasBias, bool accumulate)
    {
        var what = $"{set}: {rows} rows, {inputs} inputs, {outputs} outputs, gaps {aGap} and {cGap}, bias {hasBias}, accumulate {accumulate}";
        var kernels = KernelSets.Named(set);
        var (aStride, cStride) = (inputs + aGap, outputs + cGap);
        var weights = Samples.Normal(random, outputs * inputs);
        var bias = hasBias ? Samples.Normal(random, outputs) : [];
        var a = Samples.Rows(random, rows, inputs, aStride);
        var c = Samples.Rows(random, rows, outputs, cStride);
        var before = c.Span.ToArray();
        var packed = kernels.Pack(weights, outputs, inputs, bias);
        Assert.Equal((outputs, inputs), (packed.Outputs, packed.Inputs));
        kernels.Multiply(a.Span, aStride, rows, packed, c.Span, cStride, accumulate);
        c.AssertUntouched(what);
        for (var i = 0; i < c.Length; i++)
        {
            var (row, output) = (i / cStride, i % cStride);
            if (output >= outputs)
            {
                Assert.True(c.IsPoison(i), $"{what}: wrote between rows.");
                continue;
            }

            double sum = hasBias ? bias[output] : 0, size = Math.Abs(sum);
            if (accumulate) (sum, size) = (sum + before[i], size + Math.Abs(before[i]));
            for (var k = 0; k < inputs; k++)
            {
                var term = (double)a[row * aStride + k] * weights[output * inputs + k];
                (sum, size) = (sum + term, size + Math.Abs(term));
            }

            Samples.AssertWithin(sum, c[i], (inputs + 2) * Samples.Rounding * size, $"{what}, at {row}, {output}");
        }
    }
}
