using Realtime.Engine.Numerics;
using Realtime.Models.Differentiation;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

public sealed class AttendGradientTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Segments_of_many_sizes(string set)
    {
        foreach (var (queries, keys, heads, headDim) in new[]
        {
            (1, 1, 1, 1), (1, 3, 2, 6), (1, 100, 2, 64), (2, 5, 1, 17), (4, 37, 2, 16), (5, 4, 2, 6), (8, 8, 1, 64), (13, 33, 3, 40), (33, 130, 1, 32), (70, 300, 1, 16), (64, 20, 1, 64),
        })
        {
            Check(set, queries, keys, heads, headDim, [new AttentionSegment(0, queries, 0, keys, 0)], queries, 0);
            Check(set, queries, keys, heads, headDim, [new AttentionSegment(0, queries, 0, keys, 0)], queries, 0.3);
        }
    }

    /// <summary>Empty segments, shared queries and keys, steps of keys, and rows of no segment, for few and for many queries.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Segments_share_rows_and_leave_some_out(string set)
    {
        foreach (var queries in new[] { 2, 6 })
        {
            AttentionSegment[] segments =
            [
                new(0, queries, 0, 7, 0),
                new(0, queries, 5, 9, queries),
                new(1, queries, 40, 0, 2 * queries),
                new(queries, 1, 2, 4, 3 * queries + 1, 3),
                new(1, queries, 1, 5, 4 * queries + 2, 8),
                new(0, 0, 3, 3, 0),
            ];
            foreach (var rate in new[] { 0, 0.4 }) Check(set, queries + 1, 41, 2, 5, segments, 5 * queries + 4, rate);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Large_scores_do_not_overflow(string set)
    {
        foreach (var queries in new[] { 1, 9 })
            Check(set, queries, 40, 1, 8, [new AttentionSegment(0, queries, 0, 40, 0)], queries, 0, deviation: 6);
    }

    /// <summary>Queries, keys and values as columns of one result, as in self-attention; turned, and the outcome turned back.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Self_attention_with_turned_heads(string set)
    {
        foreach (var rows in new[] { 3, 21 })
        {
            const int Heads = 2, HeadDim = 8, Inner = Heads * HeadDim;
            var table = RowsGradientTests.Turns(new Random(rows), 5, 3);
            int[] times = [.. Enumerable.Range(0, rows).Select(row => row % 5)];
            AttentionSegment[] segments = [new(0, rows, 0, rows, 0)];
            var check = new GradientCheck(rows);
            var x = check.Normal("x", rows, 3 * Inner);
            check.Run(
                set,
                tape =>
                {
                    var all = GradientCheck.All(tape, x);
                    tape.Rotate(all, 0, 3 * Heads, HeadDim, table, times);
                    var attended = tape.Attend(all, 0, all, Inner, all, 2 * Inner, Heads, HeadDim, segments, rows, 0);
                    tape.Rotate(attended, 0, Heads, HeadDim, table, times, back: true);
                    return attended;
                },
                p =>
                {
                    var all = DoubleOperations.Rotate(p[0], 3 * Inner, 0, 3 * Heads, HeadDim, table, times);
                    var attended = DoubleOperations.Attend((all, 3 * Inner, 0), (all, 3 * Inner, Inner), (all, 3 * Inner, 2 * Inner), Heads, HeadDim, segments, rows);
                    return DoubleOperations.Rotate(attended, Inner, 0, Heads, HeadDim, table, times, back: true);
                });
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Queries_and_keys_may_turn_half_against_half(string set)
    {
        const int Rows = 7, Heads = 3, HeadDim = 6, Inner = Heads * HeadDim;
        var table = RowsGradientTests.Turns(new Random(3), 4, HeadDim / 2);
        int[] times = [.. Enumerable.Range(0, Rows).Select(row => row % 4)];
        AttentionSegment[] segments = [new(0, Rows, 0, Rows, 0)];
        var check = new GradientCheck(11);
        var (q, k, v) = (check.Normal("q", Rows, Inner), check.Normal("k", Rows, Inner), check.Normal("v", Rows, Inner));
        check.Run(
            set,
            tape =>
            {
                var (queries, keys) = (GradientCheck.All(tape, q), GradientCheck.All(tape, k));
                tape.RotateHalves(queries, Heads, table, times);
                tape.RotateHalves(keys, Heads, table, times);
                return tape.Attend(queries, 0, keys, 0, GradientCheck.All(tape, v), 0, Heads, HeadDim, segments, Rows, 0);
            },
            p => DoubleOperations.Attend((DoubleOperations.RotateHalves(p[0], Heads, table, times), Inner, 0), (DoubleOperations.RotateHalves(p[1], Heads, table, times), Inner, 0), (p[2], Inner, 0), Heads, HeadDim, segments, Rows));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Inputs_that_do_not_learn_are_left_out(string set)
    {
        foreach (var queries in new[] { 2, 10 })
        {
            for (var learns = 0; learns < 3; learns++)
            {
                var random = new Random(learns);
                var constants = new[] { Samples.Normal(random, queries * 6), Samples.Normal(random, 12 * 6), Samples.Normal(random, 12 * 6) };
                var check = new GradientCheck(learns);
                var only = check.Normal("only", learns == 0 ? queries : 12, 6);
                AttentionSegment[] segments = [new(0, queries, 0, 12, 0)];
                check.Run(
                    set,
                    tape =>
                    {
                        var inputs = constants.Select((values, i) =>
                        {
                            if (i == learns) return GradientCheck.All(tape, only);
                            var constant = tape.Constant(values.Length / 6, 6);
                            values.CopyTo(constant.Value);
                            return constant;
                        }).ToArray();
                        return tape.Attend(inputs[0], 0, inputs[1], 0, inputs[2], 0, 2, 3, segments, queries, 0);
                    },
                    p =>
                    {
                        var inputs = constants.Select((values, i) => i == learns ? p[0] : Array.ConvertAll(values, value => (double)value)).ToArray();
                        return DoubleOperations.Attend((inputs[0], 6, 0), (inputs[1], 6, 0), (inputs[2], 6, 0), 2, 3, segments, queries);
                    });
            }
        }
    }

    /// <summary>A mask per segment, at random, causal, and with queries that see nothing, for few and many queries and more keys than are held at once.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Masks_hide_keys_from_single_queries(string set)
    {
        foreach (var (queries, keys, headDim) in new[] { (1, 5, 6), (3, 20, 16), (4, 4, 5), (5, 5, 8), (9, 40, 7), (40, 40, 16), (70, 300, 8) })
        {
            var random = new Random(keys);
            var masks = new float[3 + 2 * queries * keys];
            for (var query = 0; query < queries; query++)
            {
                for (var key = 0; key < keys; key++)
                {
                    masks[3 + query * keys + key] = key <= query + keys - queries ? 0 : float.NegativeInfinity;
                    masks[3 + (queries + query) * keys + key] = query % 4 != 1 && random.Next(3) == 0 ? 0 : float.NegativeInfinity;
                }
            }

            // The last segment sees all.
            AttentionSegment[] segments =
            [
                new(0, queries, 0, keys, 0, Mask: 3),
                new(0, queries, 1, keys, queries, Mask: 3 + queries * keys),
                new(0, queries, 1, keys, 2 * queries),
            ];
            foreach (var rate in new[] { 0, 0.3 }) Check(set, queries, keys + 1, 2, headDim, segments, 3 * queries, rate, masks: masks);
        }
    }

    [Fact]
    public void A_mask_that_is_not_there_is_refused()
    {
        var table = new Parameter("x", ParameterKind.Dense, new float[12], 3, 4);
        var parameters = new ParameterSet([table], []);
        var tape = new Tape(new PackedParameters(parameters, KernelSets.Named("portable")), new GradientSet(parameters));
        tape.Begin(false, 0);
        var x = GradientCheck.All(tape, table);
        Assert.Throws<ArgumentException>(() => tape.Attend(x, 0, x, 0, x, 0, 2, 2, [new AttentionSegment(0, 3, 0, 3, 0, Mask: 1)], 3, 0, new float[9]));
        Assert.Throws<ArgumentException>(() => tape.Attend(x, 0, x, 0, x, 0, 2, 2, [new AttentionSegment(0, 3, 0, 3, 0, Mask: 0)], 3, 0));
    }

    private static void Check(
        string set, int queryRows, int keyRows, int heads, int headDim, AttentionSegment[] segments, int outputRows, double rate, double deviation = 1,
        float[]? masks = null)
    {
        const ulong Seed = 77;
        var keys = new PortableRandom(Seed, 1).NextUInt64();
        var inner = heads * headDim;
        var check = new GradientCheck(queryRows + keyRows) { IsTraining = true, Seed = Seed };
        var q = check.Normal("q", queryRows, inner + 3, deviation);
        var kv = check.Normal("kv", keyRows, 2 * inner + 1, deviation);
        check.Run(
            set,
            tape =>
            {
                var both = GradientCheck.All(tape, kv);
                return tape.Attend(GradientCheck.All(tape, q), 2, both, 0, both, inner + 1, heads, headDim, segments, outputRows, rate, masks);
            },
            p => DoubleOperations.Attend(
                (p[0], inner + 3, 2), (p[1], 2 * inner + 1, 0), (p[1], 2 * inner + 1, inner + 1), heads, headDim, segments, outputRows,
                rate == 0 ? null : place => DoubleOperations.Kept(place, keys, rate), masks));
    }
}
