using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

public sealed class TapeTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    /// <summary>A small network of all operations: embedding, cross-attention with turned heads, gated layers, a GRU and a readout.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Gradients_flow_through_a_whole_network(string set)
    {
        const int Dim = 10, Heads = 2, HeadDim = 6, Inner = Heads * HeadDim;
        var check = new GradientCheck(1) { Tolerance = 1e-4 };
        var units = check.Normal("units", 5, Dim);
        var latents = check.Normal("latents", 3, Dim);
        var (gain, bias) = (check.Vector("gain", Dim, 0.2, 1), check.Vector("bias", Dim, 0.2));
        var toQuery = check.Normal("to_q", Inner, Dim, 0.4);
        var toKeyValue = check.Normal("to_kv", 2 * Inner, Dim, 0.4);
        var (toOut, outBias) = (check.Normal("to_out", Dim, Inner, 0.4), check.Vector("out_bias", Dim));
        var (widen, widenBias) = (check.Normal("widen", 14, Dim, 0.4), check.Vector("widen_bias", 14));
        var narrow = check.Normal("narrow", Dim, 7, 0.4);
        var gru = new GruParameters(
            check.Normal("w_ih", 24, Dim, 0.4), check.Normal("w_hh", 24, 8, 0.4), check.Vector("b_ih", 24, 0.4), check.Vector("b_hh", 24, 0.4));
        var readout = check.Normal("readout", 2, 8);

        int[] tokens = [1, 4, 4, 2, 3, 1, 0, 2], queries = [0, 1, 2, 0, 1, 2], queryTimes = [0, 1, 2, 3, 0, 1], tokenTimes = [3, 2, 1, 0, 1, 2, 3, 1];
        AttentionSegment[] segments = [new(0, 3, 0, 5, 0), new(3, 3, 5, 3, 3)];
        var table = RowsGradientTests.Turns(new Random(3), 4, 2);
        check.Run(
            set,
            tape =>
            {
                var z = tape.Rows(latents, queries);
                var q = tape.Linear(tape.LayerNorm(z, gain, bias), toQuery, null);
                tape.Rotate(q, 0, Heads, HeadDim, table, queryTimes);
                var perUnit = tape.Linear(tape.LayerNorm(GradientCheck.All(tape, units), gain, bias), toKeyValue, null);
                var keyValue = tape.Rows(perUnit, tokens);
                tape.Rotate(keyValue, 0, 2 * Heads, HeadDim, table, tokenTimes);
                var attended = tape.Attend(q, 0, keyValue, 0, keyValue, Inner, Heads, HeadDim, segments, 6, 0.5);
                tape.Rotate(attended, 0, Heads, HeadDim, table, queryTimes, back: true);
                z = tape.Add(z, tape.Linear(attended, toOut, outBias));
                z = tape.Add(z, tape.Linear(tape.Geglu(tape.Linear(tape.LayerNorm(z, gain, bias), widen, widenBias)), narrow, null));
                return tape.Linear(tape.Gru(z, gru, 2), readout, null);
            },
            p =>
            {
                var z = DoubleOperations.Rows(p[1], Dim, queries);
                var q = DoubleOperations.Linear(DoubleOperations.LayerNorm(z, p[2], p[3]), Dim, p[4], null);
                q = DoubleOperations.Rotate(q, Inner, 0, Heads, HeadDim, table, queryTimes);
                var perUnit = DoubleOperations.Linear(DoubleOperations.LayerNorm(p[0], p[2], p[3]), Dim, p[5], null);
                var keyValue = DoubleOperations.Rotate(DoubleOperations.Rows(perUnit, 2 * Inner, tokens), 2 * Inner, 0, 2 * Heads, HeadDim, table, tokenTimes);
                var attended = DoubleOperations.Attend((q, Inner, 0), (keyValue, 2 * Inner, 0), (keyValue, 2 * Inner, Inner), Heads, HeadDim, segments, 6);
                attended = DoubleOperations.Rotate(attended, Inner, 0, Heads, HeadDim, table, queryTimes, back: true);
                z = DoubleOperations.Add(z, DoubleOperations.Linear(attended, Inner, p[6], p[7]));
                var hidden = DoubleOperations.Linear(DoubleOperations.LayerNorm(z, p[2], p[3]), Dim, p[8], p[9]);
                z = DoubleOperations.Add(z, DoubleOperations.Linear(DoubleOperations.Geglu(hidden, 7), 7, p[10], null));
                return DoubleOperations.Linear(DoubleOperations.Gru(z, Dim, p[11], p[12], p[13], p[14], 2), 8, p[15], null);
            });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Frozen_parameters_get_none_and_do_not_stop_the_flow(string set)
    {
        var random = new Random(2);
        var x = new Parameter("x", ParameterKind.Dense, Samples.Normal(random, 12), 3, 4);
        var weight = new Parameter("weight", ParameterKind.Dense, Samples.Normal(random, 20), 5, 4);
        var expected = Gradients(set, x, weight);
        weight.IsFrozen = true;
        var frozen = Gradients(set, x, weight);
        Assert.False(frozen.Has(1));
        Samples.AssertSameBits(expected[0], frozen[0], "the input's gradient");
        (weight.IsFrozen, x.IsFrozen) = (false, true);
        frozen = Gradients(set, x, weight);
        Assert.False(frozen.Has(0));
        Samples.AssertSameBits(expected[1], frozen[1], "the weight's gradient");
    }

    [Fact]
    public void Nothing_that_learns_before_it_means_no_gradient()
    {
        var weight = new Parameter("weight", ParameterKind.Dense, new float[20], 5, 4) { IsFrozen = true };
        var tape = Rig("portable", [weight], out _);
        tape.Begin(true, 0);
        var y = tape.Linear(tape.Constant(3, 4), weight, null);
        Assert.False(y.NeedsGradient);
        Assert.True(y.Gradient.IsEmpty);
        tape.Loss(y, new float[15], [1, 1, 1], LossKind.Squared, 1);
        tape.Backward();
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Gradients_are_added_to_what_is_there(string set)
    {
        var random = new Random(3);
        var x = new Parameter("x", ParameterKind.Dense, Samples.Normal(random, 12), 3, 4);
        var weight = new Parameter("weight", ParameterKind.Dense, Samples.Normal(random, 20), 5, 4);
        var tape = Rig(set, [x, weight], out var gradients);
        Step(tape, x, weight);
        var once = gradients[1].ToArray();
        Step(tape, x, weight);
        for (var i = 0; i < once.Length; i++) Samples.AssertWithin(2 * once[i], gradients[1][i], 1e-6 * Math.Abs(once[i]), $"{set}, at {i}");
    }

    [Fact]
    public void What_the_loss_does_not_reach_has_gradient_0()
    {
        var x = new Parameter("x", ParameterKind.Dense, new float[12], 3, 4);
        var tape = Rig("portable", [x], out _);
        tape.Begin(true, 0);
        tape.Constant(5, 5).Value.Fill(float.NaN);
        tape.Constant(5, 5).Value.Fill(float.NaN);
        tape.Begin(true, 0);
        var aside = tape.Rows(x, [0, 1]);
        tape.Loss(tape.Rows(x, [2]), new float[4], [1], LossKind.Squared, 1);
        tape.Backward();
        Assert.All(aside.Gradient.ToArray(), value => Assert.Equal(0, value));
        Assert.Throws<InvalidOperationException>(tape.Backward);
    }

    /// <summary>A step makes small objects only, whatever the size of its results.</summary>
    [Fact]
    public void Memory_is_kept_from_step_to_step()
    {
        const int Rows = 3000, Width = 96;
        var weight = new Parameter("weight", ParameterKind.Dense, new float[3 * Width * Width], 3 * Width, Width);
        var x = new Parameter("x", ParameterKind.Dense, new float[Rows * Width], Rows, Width);
        var tape = Rig(KernelSet.Best.Name, [weight, x], out _);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        var segments = Enumerable.Range(0, Rows / 30).Select(i => new AttentionSegment(30 * i, 30, 30 * i, 30, 30 * i)).ToArray();
        var (targets, weights) = (new float[Rows * Width], new float[Rows]);
        for (var step = 0; step < 3; step++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            tape.Begin(true, (ulong)step);
            var all = tape.Linear(tape.Dropout(tape.Rows(x, rows), 0.2), weight, null);
            tape.Loss(tape.Attend(all, 0, all, Width, all, 2 * Width, 3, 32, segments, Rows, 0.2), targets, weights, LossKind.Squared, 1);
            tape.Backward();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (step > 0) Assert.True(allocated < 4096, $"Step {step} allocated {allocated} bytes.");
        }
    }

    [Fact]
    public void New_values_count_after_a_refresh()
    {
        var weight = new Parameter("weight", ParameterKind.Dense, [1, 2], 1, 2);
        var parameters = new ParameterSet([weight], []);
        var packed = new PackedParameters(parameters, KernelSet.Best);
        var tape = new Tape(packed, new GradientSet(parameters));
        weight.Value[1] = 5;
        packed.Refresh();
        tape.Begin(false, 0);
        var x = tape.Constant(1, 2);
        x.Value.Fill(1);
        Assert.Equal(6, tape.Linear(x, weight, null).Value[0]);
    }

    [Fact]
    public void Calls_that_do_not_fit_are_refused()
    {
        var weight = new Parameter("weight", ParameterKind.Dense, new float[20], 5, 4);
        var tape = Rig("portable", [weight], out _);
        tape.Begin(false, 0);
        var x = tape.Constant(3, 5);
        Assert.Throws<ArgumentException>(() => tape.Linear(x, weight, null));
        Assert.Throws<ArgumentException>(() => tape.LayerNorm(x, weight, weight));
        Assert.Throws<ArgumentException>(() => tape.Geglu(x));
        Assert.Throws<ArgumentException>(() => tape.Add(x, tape.Constant(5, 3)));
        Assert.Throws<ArgumentException>(() => tape.Rows(x, [3]));
        Assert.Throws<ArgumentException>(() => tape.Rows(weight, [-1]));
        Assert.Throws<ArgumentException>(() => tape.Rotate(x, 0, 1, 4, new RotaryTable(3, 2), [0, 1]));
        Assert.Throws<ArgumentException>(() => tape.Rotate(x, 2, 1, 4, new RotaryTable(3, 2), [0, 1, 2]));
        Assert.Throws<ArgumentException>(() => tape.Rotate(x, 0, 1, 4, new RotaryTable(3, 2), [0, 1, 3]));
        Assert.Throws<ArgumentException>(() => tape.Attend(x, 0, x, 0, x, 0, 1, 5, [new AttentionSegment(0, 3, 0, 4, 0)], 3, 0));
        Assert.Throws<ArgumentException>(() => tape.Attend(x, 0, x, 0, x, 0, 1, 5, [new AttentionSegment(0, 3, 0, 2, 0, 3)], 3, 0));
        Assert.Throws<ArgumentException>(() => tape.Attend(x, 1, x, 0, x, 0, 1, 5, [], 3, 0));
        Assert.Throws<ArgumentException>(() => tape.Loss(x, new float[14], new float[3], LossKind.Squared, 1));
    }

    private static GradientSet Gradients(string set, Parameter x, Parameter weight)
    {
        Step(Rig(set, [x, weight], out var gradients), x, weight);
        return gradients;
    }

    private static void Step(Tape tape, Parameter x, Parameter weight)
    {
        tape.Begin(true, 0);
        var y = tape.Linear(tape.Rows(x, [0, 1, 2]), weight, null);
        tape.Loss(y, new float[15], [1, 1, 1], LossKind.Squared, 1);
        tape.Backward();
    }

    private static Tape Rig(string set, Parameter[] all, out GradientSet gradients)
    {
        var parameters = new ParameterSet(all, []);
        gradients = new GradientSet(parameters);
        return new Tape(new PackedParameters(parameters, KernelSets.Named(set)), gradients);
    }
}
