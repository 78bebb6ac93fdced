using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

public sealed class AttendTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Attention_of_all_shapes_is_that_of_the_formula(string set)
    {
        var random = new Random(20);
        for (var keys = 0; keys <= 70; keys++) Check(set, random, 1 + random.Next(9), keys, 1 + random.Next(3), 1 + random.Next(70), Bias(random, keys, keys % 3));
        for (var headDim = 1; headDim <= 70; headDim++) Check(set, random, 3, 1 + random.Next(40), 2, headDim, []);
        foreach (var queries in new[] { 0, 1, 31, 32, 33, 64, 65 }) Check(set, random, queries, 37, 2, 16, Bias(random, 37, 1));
        foreach (var keys in new[] { 127, 128, 129, 256, 300, 700 }) Check(set, random, 9, keys, 2, 64, Bias(random, keys, keys % 3));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Queries_without_a_visible_key_get_zero(string set)
    {
        var kernels = KernelSets.Named(set);
        foreach (var keys in new[] { 0, 1, 5, 32, 70 })
        {
            var shape = Shape(7, keys, 2, 20);
            var random = new Random(21);
            var (q, k, v) = (Samples.Normal(random, 7 * 40), Samples.Normal(random, keys * 40), Samples.Normal(random, keys * 40));
            var bias = new float[keys];
            Array.Fill(bias, float.NegativeInfinity);
            var output = new GuardedFloats(7 * 40).Poisoned();
            kernels.Attend(shape, q, k, v, bias, output.Span, new float[kernels.AttentionScratch(keys, 20)]);
            Assert.All(output.Span.ToArray(), value => Assert.Equal(0, value));
            output.AssertUntouched(set);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Large_scores_do_not_overflow(string set)
    {
        var kernels = KernelSets.Named(set);
        var shape = Shape(1, 3, 1, 2);
        var output = new float[2];
        kernels.Attend(shape, [1000, 0], [900, 0, 1000, 0, -1000, 0], [1, 2, 3, 4, 5, 6], [], output, new float[kernels.AttentionScratch(3, 2)]);
        Assert.Equal([3, 4], output);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Splitting_queries_or_heads_does_not_change_a_bit(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(22);
        foreach (var (keys, heads, headDim) in new[] { (37, 2, 64), (16, 3, 20), (70, 2, 32), (256, 2, 16) })
        {
            const int Queries = 41;
            var width = heads * headDim;
            var (q, k, v) = (Samples.Normal(random, Queries * width, 0.5), Samples.Normal(random, keys * width), Samples.Normal(random, keys * width));
            var bias = Bias(random, keys, 1);
            var scratch = new float[kernels.AttentionScratch(keys, headDim)];
            var (whole, parts) = (new float[Queries * width], new float[Queries * width]);
            var shape = Shape(Queries, keys, heads, headDim);
            kernels.Attend(shape, q, k, v, bias, whole, scratch);
            for (var split = 1; split < Queries; split++)
            {
                kernels.Attend(shape with { Queries = split }, q, k, v, bias, parts, scratch);
                kernels.Attend(shape with { Queries = Queries - split }, q.AsSpan(split * width), k, v, bias, parts.AsSpan(split * width), scratch);
                Samples.AssertSameBits(whole, parts, $"{set}: {keys} keys, {split} + {Queries - split} queries");
            }

            Array.Clear(parts);
            for (var head = 0; head < heads; head++)
            {
                var from = head * headDim;
                kernels.Attend(shape with { Heads = 1 }, q.AsSpan(from), k.AsSpan(from), v.AsSpan(from), bias, parts.AsSpan(from), scratch);
            }

            Samples.AssertSameBits(whole, parts, $"{set}: {keys} keys, head by head");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void NaN_reaches_all_that_depends_on_it_and_nothing_else(string set)
    {
        var kernels = KernelSets.Named(set);
        foreach (var keys in new[] { 1, 3, 16, 33, 64 })
        {
            foreach (var place in new[] { "q", "k", "v", "bias" })
            {
                const int Queries = 9, HeadDim = 20;
                var random = new Random(23);
                var (q, k, v) = (Samples.Normal(random, Queries * 2 * HeadDim), Samples.Normal(random, keys * 2 * HeadDim), Samples.Normal(random, keys * 2 * HeadDim));
                var bias = Bias(random, keys, place == "bias" ? 1 : 0);
                var key = keys - 1;
                if (place == "q") q[2 * 2 * HeadDim + HeadDim + 3] = float.NaN;
                if (place == "k") k[key * 2 * HeadDim + HeadDim + 3] = float.NaN;
                if (place == "v") v[key * 2 * HeadDim + HeadDim + 3] = float.NaN;
                if (place == "bias") bias[key] = float.NaN;
                var output = new float[Queries * 2 * HeadDim];
                kernels.Attend(Shape(Queries, keys, 2, HeadDim), q, k, v, bias, output, new float[kernels.AttentionScratch(keys, HeadDim)]);
                for (var i = 0; i < output.Length; i++)
                {
                    var (query, head, channel) = (i / (2 * HeadDim), i / HeadDim % 2, i % HeadDim);
                    var spoilt = place switch
                    {
                        "q" => query == 2 && head == 1,
                        "k" => head == 1,
                        "v" => head == 1 && channel == 3,
                        _ => true,
                    };
                    Assert.True(spoilt == float.IsNaN(output[i]), $"{set}: {keys} keys, NaN in {place}: {output[i]} at query {query}, head {head}, channel {channel}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Wrong_sizes_are_refused(string set)
    {
        var kernels = KernelSets.Named(set);
        var shape = Shape(2, 3, 2, 4);
        var scratch = new float[kernels.AttentionScratch(3, 4)];
        Assert.Throws<ArgumentException>(() => kernels.Attend(shape, new float[15], new float[24], new float[24], [], new float[16], scratch));
        Assert.Throws<ArgumentException>(() => kernels.Attend(shape, new float[16], new float[23], new float[24], [], new float[16], scratch));
        Assert.Throws<ArgumentException>(() => kernels.Attend(shape, new float[16], new float[24], new float[23], [], new float[16], scratch));
        Assert.Throws<ArgumentException>(() => kernels.Attend(shape, new float[16], new float[24], new float[24], [], new float[15], scratch));
        Assert.Throws<ArgumentException>(() => kernels.Attend(shape, new float[16], new float[24], new float[24], new float[2], new float[16], scratch));
        Assert.Throws<ArgumentException>(() => kernels.Attend(shape, new float[16], new float[24], new float[24], [], new float[16], scratch.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => kernels.Attend(shape with { KeyStride = 7 }, new float[16], new float[24], new float[24], [], new float[16], scratch));
    }

    private static AttentionShape Shape(int queries, int keys, int heads, int headDim, int gap = 0) => new()
    {
        Queries = queries,
        Keys = keys,
        Heads = heads,
        HeadDim = headDim,
        QueryStride = heads * headDim + gap,
        KeyStride = heads * headDim + 2 * gap,
        ValueStride = heads * headDim + 3 * gap,
        OutputStride = heads * headDim + 4 * gap,
    };

    /// <summary>None; some -∞; or numbers and some -∞.</summary>
    private static float[] Bias(Random random, int keys, int kind)
    {
        if (kind == 0) return [];
        var bias = kind == 1 ? new float[keys] : Samples.Normal(random, keys);
        for (var key = 0; key < keys; key++)
        {
            if (random.Next(4) == 0) bias[key] = float.NegativeInfinity;
        }

        return bias;
    }

    private static void Check(string set, Random random, int queries, int keys, int heads, int headDim, float[] bias)
    {
        var what = $"{set}: {queries} queries, {keys} keys, {heads} heads of {headDim}, bias {bias.Length}";
        var kernels = KernelSets.Named(set);
        var width = heads * headDim;
        var shape = Shape(queries, keys, heads, headDim, random.Next(4));
        var q = Samples.Rows(random, queries, width, shape.QueryStride, 2 / Math.Sqrt(headDim));
        var k = Samples.Rows(random, keys, width, shape.KeyStride);
        var v = Samples.Rows(random, keys, width, shape.ValueStride);
        var output = Samples.Rows(random, queries, width, shape.OutputStride);
        var scratch = new GuardedFloats(kernels.AttentionScratch(keys, headDim)).Poisoned();
        kernels.Attend(shape, q.Span, k.Span, v.Span, bias, output.Span, scratch.Span);
        output.AssertUntouched(what);
        scratch.AssertUntouched(what + ", scratch");
        for (var i = 0; i < output.Length; i++)
        {
            if (i % shape.OutputStride >= width) Assert.True(output.IsPoison(i), $"{what}: wrote between rows.");
        }

        for (var query = 0; query < queries; query++)
            for (var head = 0; head < heads; head++) CheckQuery(shape, q, k, v, bias, output, query, head * headDim, what);
    }

    // Errors: scores by the rounding of their sums, weights by that of the exponents and the exponential's bound, sums by their length.
    private static void CheckQuery(AttentionShape shape, GuardedFloats q, GuardedFloats k, GuardedFloats v, float[] bias, GuardedFloats output, int query, int first, string what)
    {
        var scores = new double[shape.Keys];
        var blur = 0.0;
        for (var key = 0; key < shape.Keys; key++)
        {
            double sum = bias.Length > 0 ? bias[key] : 0, size = double.IsInfinity(sum) ? 0 : Math.Abs(sum);
            for (var i = 0; i < shape.HeadDim; i++)
            {
                var term = (double)q[query * shape.QueryStride + first + i] * k[key * shape.KeyStride + first + i];
                (sum, size) = (sum + term, size + Math.Abs(term));
            }

            scores[key] = sum;
            if (!double.IsInfinity(sum)) blur = Math.Max(blur, (shape.HeadDim + 2) * Samples.Rounding * size);
        }

        var largest = shape.Keys == 0 ? double.NegativeInfinity : scores.Max();
        var weights = scores.Select(score => double.IsNegativeInfinity(score) ? 0 : Math.Exp(score - largest)).ToArray();
        var total = weights.Sum();
        for (var i = 0; i < shape.HeadDim; i++)
        {
            double sum = 0, size = 0;
            for (var key = 0; key < shape.Keys; key++)
            {
                var term = total == 0 ? 0 : weights[key] / total * v[key * shape.ValueStride + first + i];
                (sum, size) = (sum + term, size + Math.Abs(term));
            }

            var bound = size * (2 * blur + 2 * 4e-7 + (2 * shape.Keys + 4) * Samples.Rounding);
            Samples.AssertWithin(sum, output[query * shape.OutputStride + first + i], bound, $"{what}, at query {query}, channel {first + i}");
        }
    }
}
