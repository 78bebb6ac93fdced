using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

/// <summary>Exponential, error function and activations as kernels over spans: any length, in place, nothing outside, no dependence on the place.</summary>
public sealed class ElementwiseTests
{
    private delegate void Function(ReadOnlySpan<float> x, Span<float> y);

    public static TheoryData<string> SetNames => KernelSets.Names;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var set in KernelSet.Supported)
            {
                foreach (var name in new[] { "exp", "erf", "gelu", "softsign", "relu" }) cases.Add(set.Name, name);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_bits_of_a_number_do_not_depend_on_its_place_or_the_length(string set, string name)
    {
        var function = Find(set, name);
        var x = Samples.Normal(new Random(3), 200, 4);
        var one = new float[1];
        var each = new float[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            function(x.AsSpan(i, 1), one);
            each[i] = one[0];
        }

        for (var length = 0; length <= x.Length; length++)
        {
            var input = new GuardedFloats(x.AsSpan(0, length));
            var result = new GuardedFloats(length);
            function(input.Span, result.Span);
            Samples.AssertSameBits(each.AsSpan(0, length), result.Span, $"{set} {name} of {length}");
            result.AssertUntouched($"{set} {name} of {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Input_and_output_may_be_the_same(string set, string name)
    {
        var function = Find(set, name);
        var x = new GuardedFloats(Samples.Normal(new Random(4), 131, 4));
        var y = new float[131];
        function(x.Span, y);
        function(x.Span, x.Span);
        Samples.AssertSameBits(y, x.Span, $"{set} {name}");
        x.AssertUntouched($"{set} {name}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_longer_output_is_left_alone_behind_the_input(string set, string name)
    {
        var y = new GuardedFloats(20).Poisoned();
        Find(set, name)(new float[7], y.Span);
        for (var i = 0; i < 20; i++) Assert.Equal(i >= 7, y.IsPoison(i));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_shorter_output_is_refused(string set, string name) =>
        Assert.Throws<ArgumentException>(() => Find(set, name)(new float[8], new float[7]));

    [Theory]
    [MemberData(nameof(SetNames))]
    public void Activations_are_what_they_say(string set)
    {
        var kernels = KernelSets.Named(set);
        float[] x = [.. Samples.Normal(new Random(5), 997, 4), 0, -0f, 1e-40f, -1e-40f, 3e38f, -3e38f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        var (gelu, softsign, relu) = (new float[x.Length], new float[x.Length], new float[x.Length]);
        kernels.Gelu(x, gelu);
        kernels.Softsign(x, 8, softsign);
        kernels.Relu(x, relu);
        for (var i = 0; i < x.Length; i++)
        {
            if (float.IsNaN(x[i]))
            {
                Assert.True(float.IsNaN(gelu[i]) && float.IsNaN(softsign[i]) && float.IsNaN(relu[i]), $"{set}: NaN is lost.");
                continue;
            }

            Assert.Equal(Math.Max(x[i], 0), relu[i]);
            if (float.IsInfinity(x[i])) continue;
            var expected = DoubleReference.Gelu(x[i]);
            Samples.AssertWithin(expected, gelu[i], 5e-8 + 6e-8 * Math.Abs(expected), $"{set}: gelu of {x[i]:R}");
            expected = 8.0 * x[i] / (1 + Math.Abs((double)x[i]));
            Samples.AssertWithin(expected, softsign[i], 3 * Samples.Rounding * Math.Abs(expected) + 1e-44, $"{set}: softsign of {x[i]:R}");
        }
    }

    private static Function Find(string set, string name)
    {
        var kernels = KernelSets.Named(set);
        return name switch
        {
            "exp" => kernels.Exp,
            "erf" => kernels.Erf,
            "gelu" => kernels.Gelu,
            "softsign" => (x, y) => kernels.Softsign(x, 8, y),
            _ => kernels.Relu,
        };
    }
}
