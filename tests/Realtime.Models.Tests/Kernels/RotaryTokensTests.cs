using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

/// <summary>Scores and sums of turned tokens against loops in double over complete rotations.</summary>
public sealed class RotaryTokensTests
{
    public static TheoryData<string> Names => [.. KernelSet.Supported.Select(kernels => kernels.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scores_are_products_of_queries_and_turned_keys(string name)
    {
        var kernels = KernelSet.Supported.Single(set => set.Name == name);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var (pairs, rows, groups, count) = (random.Next(0, 40), random.Next(1, 6), random.Next(1, 5), random.Next(0, 30));
            var part = RotaryTokens.Padded(pairs);
            var width = KernelSet.RotaryScoreWidth(groups, pairs);
            var (even, odd, still) = (Numbers(random, rows * groups * pairs), Numbers(random, rows * groups * pairs), Numbers(random, rows * groups));
            var table = new float[rows * width];
            for (var row = 0; row < rows; row++)
            {
                for (var group = 0; group < groups; group++)
                {
                    var from = (row * groups + group) * pairs;
                    even.AsSpan(from, pairs).CopyTo(table.AsSpan(row * width + group * 2 * part));
                    odd.AsSpan(from, pairs).CopyTo(table.AsSpan(row * width + group * 2 * part + part));
                    table[row * width + groups * 2 * part + group] = still[row * groups + group];
                }
            }

            var units = Enumerable.Range(0, count).Select(_ => random.Next(rows)).ToArray();
            var (cos, sin) = (Numbers(random, RotaryTokens.Length(count, pairs)), Numbers(random, RotaryTokens.Length(count, pairs)));
            var scores = new float[groups * count + 3];
            kernels.RotaryScores(new RotaryTokens(units, cos, sin, pairs), groups, table, scores);
            for (var group = 0; group < groups; group++)
            {
                for (var token = 0; token < count; token++)
                {
                    double sum = still[units[token] * groups + group];
                    for (var i = 0; i < pairs; i++)
                    {
                        var at = (units[token] * groups + group) * pairs + i;
                        sum += (double)cos[token * pairs + i] * even[at] + (double)sin[token * pairs + i] * odd[at];
                    }

                    Assert.True(Math.Abs(sum - scores[group * count + token]) < 2e-5, $"seed {seed}");
                }
            }

            Assert.Equal([0, 0, 0], scores[^3..]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sums_are_of_turned_values(string name)
    {
        var kernels = KernelSet.Supported.Single(set => set.Name == name);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var (pairs, rows, heads, queries, count) = (random.Next(0, 40), random.Next(1, 6), random.Next(1, 4), random.Next(1, 3), random.Next(0, 30));
            var headDim = 2 * pairs + random.Next(0, 50);
            var (part, width) = (RotaryTokens.Padded(pairs), KernelSet.RotaryValueWidth(headDim, pairs));
            var stride = heads * width + random.Next(0, 9);
            var table = Numbers(random, rows * stride);
            var units = Enumerable.Range(0, count).Select(_ => random.Next(rows)).ToArray();
            var (cos, sin) = (Numbers(random, RotaryTokens.Length(count, pairs)), Numbers(random, RotaryTokens.Length(count, pairs)));
            var groups = queries * heads;
            var weights = Numbers(random, groups * count);
            var sums = new float[groups * width + 3];
            kernels.RotarySums(new RotaryTokens(units, cos, sin, pairs), weights, groups, heads, headDim, table, stride, sums);
            for (var group = 0; group < groups; group++)
            {
                for (var channel = 0; channel < headDim; channel++)
                {
                    double sum = 0;
                    for (var token = 0; token < count; token++)
                    {
                        var value = table.AsSpan(units[token] * stride + group % heads * width, width);
                        var pair = channel / 2;
                        double turned = channel >= 2 * pairs ? value[2 * part + channel - 2 * pairs]
                            : channel % 2 == 0 ? (double)cos[token * pairs + pair] * value[pair] - (double)sin[token * pairs + pair] * value[part + pair]
                            : (double)cos[token * pairs + pair] * value[part + pair] + (double)sin[token * pairs + pair] * value[pair];
                        sum += weights[group * count + token] * turned;
                    }

                    var place = channel >= 2 * pairs ? 2 * part + channel - 2 * pairs : channel % 2 * part + channel / 2;
                    Assert.True(Math.Abs(sum - sums[group * width + place]) < 2e-5, $"seed {seed}");
                }
            }

            Assert.Equal([0, 0, 0], sums[^3..]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_outside_the_tables_is_read(string name)
    {
        var kernels = KernelSet.Supported.Single(set => set.Name == name);
        var table = new float[3 * 48];
        var angles = new float[RotaryTokens.Length(1, 8)];
        foreach (var row in new[] { -1, 3, int.MinValue, int.MaxValue })
        {
            Assert.Throws<ArgumentException>(() => kernels.RotaryScores(new RotaryTokens([row], angles, angles, 8), 1, table, new float[1]));
            Assert.Throws<ArgumentException>(() => kernels.RotarySums(new RotaryTokens([row], angles, angles, 8), [1], 1, 1, 20, table, 48, new float[48]));
        }

        Assert.Throws<ArgumentException>(() => kernels.RotaryScores(new RotaryTokens([0], angles, angles.AsSpan(1), 8), 1, table, new float[1]));
        Assert.Throws<ArgumentException>(() => kernels.RotaryScores(new RotaryTokens([0], angles, angles, 8), 1, table, []));
        Assert.Throws<ArgumentException>(() => kernels.RotarySums(new RotaryTokens([0], angles, angles, 8), [], 1, 1, 20, table, 48, new float[48]));
        Assert.Throws<ArgumentException>(() => kernels.RotarySums(new RotaryTokens([0], angles, angles, 8), [1], 1, 1, 20, table, 48, new float[47]));
        Assert.Throws<ArgumentException>(() => kernels.RotarySums(new RotaryTokens([0], angles, angles, 8), [1], 1, 2, 20, table, 48, new float[48]));
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1))];
}
