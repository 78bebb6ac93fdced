using Realtime.Models.Differentiation;
using Realtime.Models.Tests.Differentiation;
using Realtime.Models.Tests.Kernels;
using Realtime.Models.Training.Blocks;
using Realtime.Models.Transformer;

namespace Realtime.Models.Tests.Training.Blocks;

/// <summary>The trainable forms of what MtM and Neuroformer share give what their plain forms give, and gradients that differences confirm.</summary>
public sealed class MaskedBlockTests
{
    private const int Width = 24;

    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Attention_under_a_mask_is_the_plain_one(string set)
    {
        var kernels = KernelSets.Named(set);
        foreach (var (rows, keys, isMasked) in new[] { (1, 1, false), (3, 9, true), (20, 20, true), (30, 70, true), (30, 70, false) })
        {
            var random = new Random(rows);
            var maps = new AttentionMaps(Map(random, Width, Width), Map(random, Width, Width), Map(random, Width, Width), Map(random, Width, Width), 3);
            var (x, context) = (Samples.Normal(random, rows * Width), Samples.Normal(random, keys * Width));
            float[] mask = isMasked ? [.. Enumerable.Range(0, rows * keys).Select(i => i / keys % 4 == 1 || random.Next(2) == 0 ? float.NegativeInfinity : 0)] : [];
            var plain = new float[rows * Width];
            new MaskedAttention(maps, kernels).AddTo(plain, x, rows, context, keys, mask);

            var check = new GradientCheck(keys) { Tolerance = 1e-4 };
            var list = new ParameterList();
            var block = new TrainableAttention(list, "attention", "out_proj", maps, 0);
            Add(check, list, "attention.query", "attention.key", "attention.value", "attention.out_proj");
            var (own, seen) = (check.Add(new Parameter("x", ParameterKind.Dense, x, rows, Width)), check.Add(new Parameter("context", ParameterKind.Dense, context, keys, Width)));
            AttentionSegment[] segments = [new(0, rows, 0, keys, 0, Mask: isMasked ? 0 : -1)];
            check.Run(
                set,
                tape =>
                {
                    var result = block.Apply(tape, GradientCheck.All(tape, own), GradientCheck.All(tape, seen), segments, mask);
                    for (var i = 0; i < plain.Length; i++) Samples.AssertWithin(plain[i], result.Value[i], 1e-5 * plain.Max(Math.Abs), $"{set}: {rows} rows, {keys} keys, plain form at {i}");
                    return result;
                },
                p =>
                {
                    var (q, k, v) = (DoubleOperations.Linear(p[8], Width, p[0], p[1]), DoubleOperations.Linear(p[9], Width, p[2], p[3]), DoubleOperations.Linear(p[9], Width, p[4], p[5]));
                    var attended = DoubleOperations.Attend((q, Width, 0), (k, Width, 0), (v, Width, 0), 3, Width / 3, segments, rows, masks: mask);
                    return DoubleOperations.Linear(attended, Width, p[6], p[7]);
                });
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Feed_forward_with_gelu_is_the_plain_one(string set)
    {
        var kernels = KernelSets.Named(set);
        foreach (var rows in new[] { 1, 5, 33 })
        {
            var random = new Random(rows);
            var weights = new GeluFeedForwardWeights(Map(random, 2 * Width + 1, Width), Map(random, Width, 2 * Width + 1));
            var x = Samples.Normal(random, rows * Width);
            var plain = new float[rows * Width];
            new GeluFeedForward(weights, kernels).AddTo(plain, x, rows);

            var check = new GradientCheck(rows) { Tolerance = 1e-4 };
            var list = new ParameterList();
            var block = new TrainableGeluFeedForward(list, "up", "down", weights);
            Add(check, list, "up", "down");
            var own = check.Add(new Parameter("x", ParameterKind.Dense, x, rows, Width));
            check.Run(
                set,
                tape =>
                {
                    var result = block.Apply(tape, GradientCheck.All(tape, own));
                    for (var i = 0; i < plain.Length; i++) Samples.AssertWithin(plain[i], result.Value[i], 1e-5 * plain.Max(Math.Abs), $"{set}: {rows} rows, plain form at {i}");
                    return result;
                },
                p => DoubleOperations.Linear(Array.ConvertAll(DoubleOperations.Linear(p[4], Width, p[0], p[1]), DoubleReference.Gelu), 2 * Width + 1, p[2], p[3]));
        }
    }

    private static LinearWeights Map(Random random, int outputs, int inputs) =>
        new(Samples.Normal(random, outputs * inputs, 1 / Math.Sqrt(inputs)), Samples.Normal(random, outputs, 0.3), outputs, inputs);

    private static void Add(GradientCheck check, ParameterList list, params string[] maps)
    {
        var set = list.ToSet();
        foreach (var map in maps)
        {
            check.Add(set[$"{map}.weight"]);
            check.Add(set[$"{map}.bias"]);
        }
    }
}
