using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

public sealed class AttendMaskedTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    /// <summary>What a model with kept keys relies on: one query after the other over the keys that have come is the whole causal attention.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Causal_attention_is_to_the_bit_that_of_one_query_after_the_other(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(31);
        foreach (var (queries, keys, heads, headDim) in new[] { (100, 102, 8, 64), (59, 100, 8, 32), (7, 7, 1, 5), (300, 300, 2, 16), (70, 700, 2, 32), (33, 290, 3, 7), (1, 1, 1, 1) })
        {
            var (shape, width) = (Shape(queries, keys, heads, headDim), heads * headDim);
            var (q, k, v) = (Samples.Normal(random, queries * width, 0.4), Samples.Normal(random, keys * width), Samples.Normal(random, keys * width));
            var mask = Causal(queries, keys);
            var scratch = new float[kernels.AttentionScratch(keys, headDim)];
            var (whole, single) = (new float[queries * width], new float[queries * width]);
            kernels.AttendMasked(shape, q, k, v, mask, whole, scratch);
            for (var query = 0; query < queries; query++)
            {
                var seen = query + 1 + keys - queries;

                // What comes later must not be there at all.
                var (own, ownScratch) = (new GuardedFloats(k.AsSpan(0, seen * width)), new float[kernels.AttentionScratch(seen, headDim)]);
                kernels.AttendMasked(shape with { Queries = 1, Keys = seen }, q.AsSpan(query * width), own.Span, v.AsSpan(0, seen * width), new float[seen], single.AsSpan(query * width), ownScratch);
            }

            Samples.AssertSameBits(whole, single, $"{set}: {queries} queries, {keys} keys, {heads} heads of {headDim}, with a mask of zeros");

            Array.Clear(single);
            for (var query = 0; query < queries; query++)
            {
                var seen = query + 1 + keys - queries;
                kernels.Attend(shape with { Queries = 1, Keys = seen }, q.AsSpan(query * width), k, v, [], single.AsSpan(query * width), scratch);
            }

            Samples.AssertSameBits(whole, single, $"{set}: {queries} queries, {keys} keys, {heads} heads of {headDim}, without a mask");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Splitting_queries_does_not_change_a_bit(string set)
    {
        var kernels = KernelSets.Named(set);
        var random = new Random(32);
        const int Queries = 41, Heads = 2;
        foreach (var (keys, headDim) in new[] { (37, 64), (70, 20), (300, 32) })
        {
            var (shape, width) = (Shape(Queries, keys, Heads, headDim), Heads * headDim);
            var (q, k, v) = (Samples.Normal(random, Queries * width, 0.5), Samples.Normal(random, keys * width), Samples.Normal(random, keys * width));
            var mask = Mask(random, Queries, keys);
            var scratch = new float[kernels.AttentionScratch(keys, headDim)];
            var (whole, parts) = (new float[Queries * width], new float[Queries * width]);
            kernels.AttendMasked(shape, q, k, v, mask, whole, scratch);
            for (var split = 1; split < Queries; split++)
            {
                kernels.AttendMasked(shape with { Queries = split }, q, k, v, mask.AsSpan(0, split * keys), parts, scratch);
                kernels.AttendMasked(shape with { Queries = Queries - split }, q.AsSpan(split * width), k, v, mask.AsSpan(split * keys), parts.AsSpan(split * width), scratch);
                Samples.AssertSameBits(whole, parts, $"{set}: {keys} keys, {split} + {Queries - split} queries");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Attention_under_any_mask_is_that_of_the_formula(string set)
    {
        var random = new Random(33);
        foreach (var (queries, keys, heads, headDim) in new[] { (0, 3, 1, 4), (1, 1, 1, 1), (5, 0, 2, 3), (9, 33, 2, 20), (65, 64, 1, 32), (12, 300, 2, 16), (100, 102, 2, 64) })
        {
            var kernels = KernelSets.Named(set);
            var width = heads * headDim;
            var shape = Shape(queries, keys, heads, headDim) with { QueryStride = width + 3, KeyStride = width + 1, ValueStride = width + 2, OutputStride = width + 5 };
            var (q, k) = (Samples.Rows(random, queries, width, width + 3, 0.5), Samples.Rows(random, keys, width, width + 1));
            var (v, output) = (Samples.Rows(random, keys, width, width + 2), Samples.Rows(random, queries, width, width + 5));
            var mask = Mask(random, queries, keys);

            // Not 0 and -∞ alone.
            for (var i = 0; i < mask.Length; i += 3) mask[i] += 0.5f;
            kernels.AttendMasked(shape, q.Span, k.Span, v.Span, mask, output.Span, new float[kernels.AttentionScratch(keys, headDim)]);
            output.AssertUntouched(set);
            for (var query = 0; query < queries; query++)
            {
                for (var head = 0; head < heads; head++)
                {
                    var weights = Enumerable.Range(0, keys).Select(key => Math.Exp(mask[query * keys + key] + Enumerable.Range(head * headDim, headDim).Sum(i => (double)q[query * (width + 3) + i] * k[key * (width + 1) + i]))).ToArray();
                    var sum = weights.Sum();
                    for (var i = head * headDim; i < (head + 1) * headDim; i++)
                    {
                        var expected = sum == 0 ? 0 : Enumerable.Range(0, keys).Sum(key => weights[key] / sum * v[key * (width + 2) + i]);
                        Samples.AssertWithin(expected, output[query * (width + 5) + i], sum == 0 ? 0 : 2e-5, $"{set}: {queries} queries, {keys} keys, at {query}, {i}");
                    }
                }

                for (var gap = width; gap < width + 5 && query < queries - 1; gap++) Assert.True(output.IsPoison(query * (width + 5) + gap), $"{set}: wrote between rows.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_mask_of_another_size_is_refused(string set)
    {
        var kernels = KernelSets.Named(set);
        Assert.Throws<ArgumentException>(() => kernels.AttendMasked(Shape(2, 3, 1, 4), new float[8], new float[12], new float[12], new float[5], new float[8], new float[1000]));
    }

    private static float[] Causal(int queries, int keys)
    {
        var mask = new float[queries * keys];
        for (var i = 0; i < mask.Length; i++) mask[i] = i % keys <= i / keys + keys - queries ? 0 : float.NegativeInfinity;
        return mask;
    }

    /// <summary>At random, some queries seeing nothing and some only the first keys.</summary>
    private static float[] Mask(Random random, int queries, int keys)
    {
        var mask = new float[queries * keys];
        for (var i = 0; i < mask.Length; i++)
        {
            var (query, key) = (i / keys, i % keys);
            mask[i] = query % 5 == 3 || (query % 5 == 1 && key > 2) || random.Next(3) == 0 ? float.NegativeInfinity : 0;
        }

        return mask;
    }

    private static AttentionShape Shape(int queries, int keys, int heads, int headDim) => new()
    {
        Queries = queries,
        Keys = keys,
        Heads = heads,
        HeadDim = headDim,
        QueryStride = heads * headDim,
        KeyStride = heads * headDim,
        ValueStride = heads * headDim,
        OutputStride = heads * headDim,
    };
}
