using Realtime.Engine.Numerics;
using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

public sealed class DropoutTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_share_is_dropped_and_the_rest_scaled(string set)
    {
        foreach (var rate in new[] { 0.1, 0.5, 0.9 })
        {
            var result = Ones(set, 400, 500, true, 3, rate);
            Assert.All(result, value => Assert.True(value == 0 || value == (float)(1 / (1 - rate))));
            var share = result.Count(value => value == 0) / (double)result.Length;

            // Five standard errors.
            Assert.InRange(share, rate - 5 * Math.Sqrt(rate * (1 - rate) / result.Length), rate + 5 * Math.Sqrt(rate * (1 - rate) / result.Length));

            // Neighbours in a row and in a column are dropped together as often as chance has it.
            foreach (var distance in new[] { 1, 2, 500 })
            {
                var both = Enumerable.Range(0, result.Length - distance).Count(i => result[i] == 0 && result[i + distance] == 0) / (double)(result.Length - distance);
                Assert.InRange(both, rate * rate - 0.006, rate * rate + 0.006);
            }
        }
    }

    [Fact]
    public void Every_set_drops_what_the_published_hash_says()
    {
        var keys = new PortableRandom(9, 1).NextUInt64();
        foreach (var set in KernelSet.Supported)
        {
            var result = Ones(set.Name, 3, 77, true, 9, 0.35);
            for (var i = 0; i < result.Length; i++) Assert.Equal((float)DoubleOperations.Kept((uint)i, keys, 0.35), result[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_way_back_drops_the_same_numbers(string set)
    {
        var keys = Enumerable.Range(0, 2).Select(i => new PortableRandom(4, (ulong)i + 1).NextUInt64()).ToArray();
        var check = new GradientCheck(6) { IsTraining = true, Seed = 4 };
        var x = check.Normal("x", 5, 23);
        check.Run(
            set,
            tape =>
            {
                var rows = GradientCheck.All(tape, x);
                return tape.Add(tape.Dropout(rows, 0.4), tape.Dropout(rows, 0.7));
            },
            p => [.. p[0].Select((value, i) => value * (DoubleOperations.Kept((uint)i, keys[0], 0.4) + DoubleOperations.Kept((uint)i, keys[1], 0.7)))]);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Nothing_is_dropped_outside_training_or_at_rate_0(string set)
    {
        Assert.All(Ones(set, 5, 40, false, 3, 0.5), value => Assert.Equal(1, value));
        Assert.All(Ones(set, 5, 40, true, 3, 0), value => Assert.Equal(1, value));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Seeds_and_calls_drop_different_numbers(string set)
    {
        var first = Ones(set, 10, 40, true, 3, 0.5);
        Assert.Equal(first, Ones(set, 10, 40, true, 3, 0.5));
        Assert.NotEqual(first, Ones(set, 10, 40, true, 4, 0.5));
        var tape = Rig(set, out _);
        tape.Begin(true, 3);
        var ones = tape.Constant(10, 40);
        ones.Value.Fill(1);
        Assert.Equal(first, tape.Dropout(ones, 0.5).Value.ToArray());
        Assert.NotEqual(first, tape.Dropout(ones, 0.5).Value.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Impossible_rates_are_refused(double rate)
    {
        var tape = Rig("portable", out _);
        tape.Begin(true, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => tape.Dropout(tape.Constant(1, 1), rate));
    }

    private static float[] Ones(string set, int rows, int width, bool isTraining, ulong seed, double rate)
    {
        var tape = Rig(set, out _);
        tape.Begin(isTraining, seed);
        var ones = tape.Constant(rows, width);
        ones.Value.Fill(1);
        return tape.Dropout(ones, rate).Value.ToArray();
    }

    private static Tape Rig(string set, out GradientSet gradients)
    {
        var parameters = new ParameterSet([], []);
        gradients = new GradientSet(parameters);
        return new Tape(new PackedParameters(parameters, KernelSets.Named(set)), gradients);
    }
}
