using Xunit.Abstractions;

namespace Realtime.Models.Tests.Kernels;

public sealed class CosSinTurnsTests(ITestOutputHelper output)
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Cosines_and_sines_are_within_4e8(string set)
    {
        const int Count = 1 << 20;
        var kernels = KernelSets.Named(set);
        var random = new Random(50);
        var turns = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            turns[i] = (i % 4) switch
            {
                0 => 2.0 * i / Count - 1,
                1 => (random.NextDouble() - 0.5) * 1e6,
                2 => Math.ScaleB(random.NextDouble() - 0.5, -(i / 4) % 1100),
                _ => (i / 4 - 1000) * 0.125 + Math.ScaleB(random.NextDouble() - 0.5, -random.Next(60)),
            };
        }

        var (cos, sin) = (new float[Count], new float[Count]);
        kernels.CosSinTurns(turns, cos, sin);
        var (worst, at) = (0.0, 0.0);
        for (var i = 0; i < Count; i++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * Math.IEEERemainder(turns[i], 1));
            var error = Math.Max(Math.Abs(cos[i] - c), Math.Abs(sin[i] - s));
            if (!(error <= worst)) (worst, at) = (error, turns[i]);
        }

        output.WriteLine($"{set}: cosine and sine, absolute: {worst:g3} at {at:R} turns, {Count} angles");
        Assert.True(worst <= 4e-8, $"{set}: {worst:g3} at {at:R} turns.");
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Quarters_of_a_turn_are_exact(string set)
    {
        for (var quarter = -9; quarter <= 9; quarter++)
        {
            var (cos, sin) = (new float[1], new float[1]);
            KernelSets.Named(set).CosSinTurns([1e12 + quarter * 0.25], cos, sin);
            var index = (quarter + 12) % 4;
            Assert.Equal(index switch { 0 => (1f, 0f), 1 => (0f, 1f), 2 => (-1f, 0f), _ => (0f, -1f) }, (cos[0], sin[0]));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Any_length_gives_the_same_bits_and_writes_nothing_else(string set)
    {
        var kernels = KernelSets.Named(set);
        var turns = Samples.Normal(new Random(51), 70, 3).Select(value => (double)value).ToArray();
        var (allCos, allSin) = (new float[70], new float[70]);
        kernels.CosSinTurns(turns, allCos, allSin);
        for (var from = 0; from < 20; from++)
        {
            for (var length = 0; length <= 70 - from; length++)
            {
                var (cos, sin) = (new GuardedFloats(length), new GuardedFloats(length));
                kernels.CosSinTurns(turns.AsSpan(from, length), cos.Span, sin.Span);
                Samples.AssertSameBits(allCos.AsSpan(from, length), cos.Span, set);
                Samples.AssertSameBits(allSin.AsSpan(from, length), sin.Span, set);
                cos.AssertUntouched(set);
                sin.AssertUntouched(set);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Angles_that_are_no_numbers_give_NaN(string set)
    {
        var (cos, sin) = (new float[4], new float[4]);
        KernelSets.Named(set).CosSinTurns([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0], cos, sin);
        Assert.Equal([float.NaN, float.NaN, float.NaN, 1], cos);
        Assert.Equal([float.NaN, float.NaN, float.NaN, 0], sin);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Shorter_outputs_are_refused(string set)
    {
        var kernels = KernelSets.Named(set);
        Assert.Throws<ArgumentException>(() => kernels.CosSinTurns(new double[3], new float[2], new float[3]));
        Assert.Throws<ArgumentException>(() => kernels.CosSinTurns(new double[3], new float[3], new float[2]));
    }
}
