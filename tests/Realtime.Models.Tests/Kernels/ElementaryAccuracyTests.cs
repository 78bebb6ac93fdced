using Realtime.Models.Kernels;
using Xunit.Abstractions;

namespace Realtime.Models.Tests.Kernels;

/// <summary>
/// The bounds that docs/kernels.md states, over more than a million numbers each: evenly over the range that matters, and over all bit
/// patterns (every exponent, both signs, subnormals, infinities, NaN with every kind of payload).
/// </summary>
public sealed class ElementaryAccuracyTests(ITestOutputHelper output)
{
    private const int Block = 4096;

    private delegate void Function(KernelSet kernels, float[] x, float[] y);

    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_exponential_is_within_2e7_of_itself(string set)
    {
        var capped = (float)Math.Exp(88);
        Sweep(set, "exp, relative", -87.3, 88, static (kernels, x, y) => kernels.Exp(x, y), (x, y) => x switch
        {
            < -87.3f => y == 0 ? 0 : double.PositiveInfinity,
            > 88 => Math.Abs(y / capped - 1),
            _ => Math.Abs(y / Math.Exp(x) - 1),
        }, 2e-7);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_error_function_is_within_2e7(string set) =>
        Sweep(set, "erf, absolute", -6, 6, static (kernels, x, y) => kernels.Erf(x, y), static (x, y) => Math.Abs(y - DoubleReference.Erf(x)), 2e-7);

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_gelu_is_within_5e8_and_a_rounding_of_its_result(string set) =>
        Sweep(set, "gelu, absolute beyond 6e-8 |result|", -12, 12, Gelu, static (x, y) =>
        {
            var exact = DoubleReference.Gelu(x);
            if (double.IsInfinity(exact)) return y == exact ? 0 : double.PositiveInfinity;
            return Math.Abs(y - exact) - 6e-8 * Math.Abs(exact);
        }, 5e-8);

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_sigmoid_is_within_3e7_of_itself(string set) =>
        Sweep(set, "sigmoid, relative in [-87.3, ∞)", -87.3, 20, Sigmoid, static (x, y) => x < -87.3f ? y : Math.Abs(y / DoubleReference.Sigmoid(x) - 1), 3e-7);

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_hyperbolic_tangent_is_within_3e7(string set) =>
        Sweep(set, "tanh, absolute", -12, 12, Tanh, static (x, y) => Math.Abs(y - Math.Tanh(x)), 3e-7);

    [Theory]
    [MemberData(nameof(Sets))]
    public void Far_out_the_functions_are_exactly_their_limits(string set)
    {
        var kernels = KernelSets.Named(set);
        float[] far = [-1e30f, 1e30f, float.NegativeInfinity, float.PositiveInfinity];
        var y = new float[4];
        Sigmoid(kernels, far, y);
        Assert.Equal([0, 1, 0, 1], y);
        Tanh(kernels, far, y);
        Assert.Equal([-1, 1, -1, 1], y);
        kernels.Erf(far, y);
        Assert.Equal([-1, 1, -1, 1], y);
        kernels.Erf([-4.01f, 4.01f, -10, 10], y);
        Assert.Equal([-1, 1, -1, 1], y);
        kernels.Exp([-87.4f, 0, float.NegativeInfinity, -0f], y);
        Assert.Equal([0, 1, 0, 1], y);
        Gelu(kernels, [10, 100, 1e30f, float.PositiveInfinity], y);
        Assert.Equal([10, 100, 1e30f, float.PositiveInfinity], y);
        Gelu(kernels, [-10, -100, -1e30f, float.NegativeInfinity], y);
        Assert.All(y, value => Assert.InRange(value, -1e-11f, 0));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Erf_and_tanh_are_odd_to_the_bit(string set)
    {
        var kernels = KernelSets.Named(set);
        var x = Samples.Normal(new Random(2), 5000, 3);
        var (y, opposite) = (new float[x.Length], new float[x.Length]);
        foreach (var function in new Function[] { static (k, a, b) => k.Erf(a, b), Tanh })
        {
            function(kernels, x, y);
            function(kernels, [.. x.Select(value => -value)], opposite);
            Samples.AssertSameBits([.. y.Select(value => -value)], opposite, set);
        }

        kernels.Erf([0, -0f], y);
        Samples.AssertSameBits([0, -0f], y.AsSpan(0, 2), set);
    }

    // An input of NaN gives NaN, any other input a number: the caller's error is not NaN then.
    private void Sweep(string set, string name, double from, double to, Function function, Func<float, float, double> error, double bound)
    {
        const int Even = 262 * Block;
        const uint Stride = 4001;
        var kernels = KernelSets.Named(set);
        var (x, y) = (new float[Block], new float[Block]);
        var (worst, at, filled, seen) = (0.0, 0f, 0, 0);
        for (var i = 0; i < Even; i++) Add((float)(from + (to - from) * i / (Even - 1)));
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Stride) Add(BitConverter.UInt32BitsToSingle((uint)bits));
        while (filled > 0) Add(float.NaN);
        output.WriteLine($"{set}: {name}: {worst:g3} at {at:R}, {seen} numbers");
        Assert.True(worst <= bound, $"{set}: {name}: {worst:g3} at {at:R}, allowed {bound:g3}.");
        Assert.True(seen > 2_000_000);

        void Add(float value)
        {
            x[filled++] = value;
            seen++;
            if (filled < Block) return;
            filled = 0;
            function(kernels, x, y);
            for (var i = 0; i < Block; i++)
            {
                if (float.IsNaN(x[i])) Assert.True(float.IsNaN(y[i]), $"{set}: {name} of NaN is {y[i]:R}.");
                else if (error(x[i], y[i]) is var e && !(e <= worst)) (worst, at) = (e, x[i]);
            }
        }
    }

    private static void Gelu(KernelSet kernels, float[] x, float[] y)
    {
        var hidden = new float[2 * x.Length];
        hidden.AsSpan(0, x.Length).Fill(1);
        x.CopyTo(hidden, x.Length);
        kernels.Geglu(hidden, 1, x.Length, y);
    }

    // z σ of its input, n = tanh 0: the new state is z times the old one, 1.
    private static void Sigmoid(KernelSet kernels, float[] x, float[] y)
    {
        var input = new float[3 * x.Length];
        x.CopyTo(input, x.Length);
        Array.Fill(y, 1);
        kernels.GruGates(input, new float[3 * x.Length], y);
    }

    // z = 0: the new state is n.
    private static void Tanh(KernelSet kernels, float[] x, float[] y)
    {
        var input = new float[3 * x.Length];
        Array.Fill(input, -200, x.Length, x.Length);
        x.CopyTo(input, 2 * x.Length);
        Array.Clear(y);
        kernels.GruGates(input, new float[3 * x.Length], y);
    }
}
