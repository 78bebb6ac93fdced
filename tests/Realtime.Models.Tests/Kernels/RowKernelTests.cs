using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

/// <summary>Layer normalisation, gated GELU and softmax: what is computed row by row.</summary>
public sealed class RowKernelTests
{
    private delegate void RowKernel(ReadOnlySpan<float> x, int rows, Span<float> y);

    public static TheoryData<string> Sets => KernelSets.Names;

    public static TheoryData<string, string> Kernels
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var set in KernelSet.Supported)
                foreach (var kernel in new[] { "normalize", "layer norm", "geglu", "softmax" }) cases.Add(set.Name, kernel);
            return cases;
        }
    }

    private static IEnumerable<(int Rows, int Width)> Sizes => Enumerable.Range(1, 70).Select(width => (width % 5, width)).Concat([(1, 127), (3, 128), (2, 256), (2, 513)]);

    [Theory]
    [MemberData(nameof(Sets))]
    public void Normalisation_is_that_of_the_formula(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(30);
        foreach (var (rows, width) in Sizes)
        {
            var what = $"{set}: {rows} rows of {width}";
            var (gain, bias) = (new GuardedFloats(Samples.Normal(random, width)), new GuardedFloats(Samples.Normal(random, width)));
            var x = new GuardedFloats(Samples.Normal(random, rows * width, 2, 0.5));
            var (plain, scaled) = (new GuardedFloats(rows * width), new GuardedFloats(rows * width));
            kernels.Normalize(x.Span, rows, width, plain.Span);
            kernels.LayerNorm(x.Span, rows, width, gain.Span, bias.Span, scaled.Span);
            plain.AssertUntouched(what);
            scaled.AssertUntouched(what);
            for (var row = 0; row < rows; row++)
            {
                var values = x.Span.Slice(row * width, width).ToArray();
                var mean = values.Average(value => (double)value);
                var scale = 1 / Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) + 1e-5);
                var sums = (width / 4 + 8) * Samples.Rounding;
                for (var i = 0; i < width; i++)
                {
                    var expected = (values[i] - mean) * scale;
                    var bound = sums * (scale * values.Average(Math.Abs) + Math.Abs(expected)) + 2 * Samples.Rounding * scale * (Math.Abs(values[i]) + Math.Abs(mean));
                    Samples.AssertWithin(expected, plain[row * width + i], bound, $"{what}, at {row}, {i}");
                    var result = expected * gain[i] + bias[i];
                    var rounding = bound * Math.Abs(gain[i]) + Samples.Rounding * Math.Abs(result);
                    Samples.AssertWithin(result, scaled[row * width + i], rounding, $"{what}, at {row}, {i}, with gain and bias");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_constant_row_normalises_to_zero(string set)
    {
        var kernels = KernelSets.Named(set);
        for (var width = 1; width <= 70; width++)
        {
            var y = new float[width];
            kernels.Normalize([.. Enumerable.Repeat(4f, width)], 1, width, y);
            Assert.All(y, value => Assert.Equal(0, value));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Gated_gelu_is_that_of_the_formula(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(31);
        foreach (var (rows, half) in Sizes)
        {
            var what = $"{set}: {rows} rows of {half}";
            var hidden = new GuardedFloats(Samples.Normal(random, 2 * rows * half, 2));
            var output = new GuardedFloats(rows * half);
            kernels.Geglu(hidden.Span, rows, half, output.Span);
            output.AssertUntouched(what);
            for (var i = 0; i < rows * half; i++)
            {
                double a = hidden[i / half * 2 * half + i % half], gelu = DoubleReference.Gelu(hidden[i / half * 2 * half + half + i % half]);
                var bound = Math.Abs(a) * (5e-8 + 6e-8 * Math.Abs(gelu)) + Samples.Rounding * Math.Abs(a * gelu);
                Samples.AssertWithin(a * gelu, output[i], bound, $"{what}, at {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Softmax_is_that_of_the_formula(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(32);
        foreach (var (rows, width) in Sizes)
        {
            var what = $"{set}: {rows} rows of {width}";
            var x = new GuardedFloats(Samples.Normal(random, rows * width, 6));
            for (var i = 0; i < rows * width; i += 3) x.Span[i] = random.Next(2) == 0 ? float.NegativeInfinity : x[i] * 30;
            var before = x.Span.ToArray();
            kernels.Softmax(x.Span, rows, width);
            x.AssertUntouched(what);
            for (var row = 0; row < rows; row++)
            {
                var values = before.AsSpan(row * width, width).ToArray();
                var largest = values.Max();
                var weights = values.Select(value => float.IsNegativeInfinity(value) ? 0 : Math.Exp((double)value - largest)).ToArray();
                for (var i = 0; i < width; i++)
                {
                    var expected = weights[i] == 0 ? 0 : weights[i] / weights.Sum();

                    // The last term is for what the exponential drops below e^-87.3.
                    var blur = float.IsNegativeInfinity(values[i]) ? 0 : Samples.Rounding * Math.Abs((double)values[i] - largest);
                    var bound = expected * (blur + 4e-7 + (width / 4 + 8) * Samples.Rounding) + 1.3e-38;
                    Samples.AssertWithin(expected, x[row * width + i], bound, $"{what}, at {row}, {i}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Softmax_of_rows_that_are_hidden_is_zero_but_NaN_shows(string set)
    {
        var kernels = KernelSets.Named(set);
        for (var width = 1; width <= 70; width++)
        {
            var x = new float[3 * width];
            Array.Fill(x, float.NegativeInfinity);
            kernels.Softmax(x, 3, width);
            Assert.All(x, value => Assert.Equal(0, value));
            for (var at = 0; at < width; at++)
            {
                Array.Fill(x, float.NegativeInfinity, 0, width);
                Array.Fill(x, 1, width, width);
                Array.Fill(x, 2, 2 * width, width);
                x[at] = x[width + at] = float.NaN;
                kernels.Softmax(x, 3, width);
                Assert.All(x[..(2 * width)], value => Assert.True(float.IsNaN(value), $"{set}: NaN at {at} of {width} does not show."));
                Assert.All(x[(2 * width)..], value => Assert.Equal(1.0 / width, value, 1e-6));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void NaN_does_not_leave_its_row(string set, string kernel)
    {
        foreach (var width in new[] { 1, 5, 16, 33, 70 })
        {
            var (run, inputWidth) = Find(set, kernel, width);
            for (var at = 0; at < inputWidth; at++)
            {
                var x = Samples.Normal(new Random(33), 3 * inputWidth);
                x[inputWidth + at] = float.NaN;
                var y = new float[3 * width];
                run(x, 3, y);
                for (var i = 0; i < y.Length; i++)
                {
                    var spoilt = i / width == 1 && (kernel != "geglu" || i % width == at % width);
                    Assert.True(spoilt == float.IsNaN(y[i]), $"{set} {kernel} of {width}: NaN at {at} gives {y[i]} at {i / width}, {i % width}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Splitting_the_rows_does_not_change_a_bit(string set, string kernel)
    {
        foreach (var width in new[] { 1, 7, 16, 31, 64, 70, 128, 200 })
        {
            const int Rows = 11;
            var (run, inputWidth) = Find(set, kernel, width);
            var x = Samples.Normal(new Random(34), Rows * inputWidth);
            var (whole, parts) = (new float[Rows * width], new float[Rows * width]);
            run(x, Rows, whole);
            for (var split = 0; split <= Rows; split++)
            {
                run(x.AsSpan(0, split * inputWidth), split, parts.AsSpan(0, split * width));
                run(x.AsSpan(split * inputWidth), Rows - split, parts.AsSpan(split * width));
                Samples.AssertSameBits(whole, parts, $"{set} {kernel} of {width}, {split} + {Rows - split} rows");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Layer_norm_works_in_place(string set)
    {
        var kernels = KernelSets.Named(set);
        foreach (var width in new[] { 5, 64, 70, 128, 150 })
        {
            var random = new Random(35);
            var (x, gain, bias) = (Samples.Normal(random, 3 * width), Samples.Normal(random, width), Samples.Normal(random, width));
            var y = new float[3 * width];
            kernels.LayerNorm(x, 3, width, gain, bias, y);
            var same = (float[])x.Clone();
            kernels.LayerNorm(same, 3, width, gain, bias, same);
            Samples.AssertSameBits(y, same, set);
            kernels.Normalize(x, 3, width, y);
            kernels.Normalize(x, 3, width, x);
            Samples.AssertSameBits(y, x, set);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Wrong_sizes_are_refused(string set)
    {
        var kernels = KernelSets.Named(set);
        Assert.Throws<ArgumentException>(() => kernels.Normalize(new float[7], 2, 4, new float[8]));
        Assert.Throws<ArgumentException>(() => kernels.Normalize(new float[8], 2, 4, new float[7]));
        Assert.Throws<ArgumentException>(() => kernels.Normalize(new float[8], -2, -4, new float[8]));
        Assert.Throws<ArgumentException>(() => kernels.Normalize(new float[8], 1 << 30, 1 << 30, new float[8]));
        Assert.Throws<ArgumentException>(() => kernels.LayerNorm(new float[8], 2, 4, new float[3], new float[4], new float[8]));
        Assert.Throws<ArgumentException>(() => kernels.LayerNorm(new float[8], 2, 4, new float[4], new float[3], new float[8]));
        Assert.Throws<ArgumentException>(() => kernels.Geglu(new float[15], 2, 4, new float[8]));
        Assert.Throws<ArgumentException>(() => kernels.Geglu(new float[16], 2, 4, new float[7]));
        Assert.Throws<ArgumentException>(() => kernels.Softmax(new float[7], 2, 4));
    }

    private static (RowKernel Run, int InputWidth) Find(string set, string kernel, int width)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(36);
        var (gain, bias) = (Samples.Normal(random, width), Samples.Normal(random, width));
        return kernel switch
        {
            "normalize" => ((x, rows, y) => kernels.Normalize(x, rows, width, y), width),
            "layer norm" => ((x, rows, y) => kernels.LayerNorm(x, rows, width, gain, bias, y), width),
            "geglu" => ((x, rows, y) => kernels.Geglu(x, rows, width, y), 2 * width),
            _ => ((x, rows, y) =>
            {
                x[..(rows * width)].CopyTo(y);
                kernels.Softmax(y, rows, width);
            }, width),
        };
    }
}
