using Realtime.Models.Kernels;

namespace Realtime.Models.Tests.Kernels;

public sealed class RotateTests
{
    public static TheoryData<string> Sets => KernelSets.Names;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Pairs_turn_by_the_angle_of_their_row_and_nothing_else_changes(string set)
    {
        var random = new Random(40);
        for (var pairs = 0; pairs <= 35; pairs++)
            foreach (var back in new[] { false, true }) Check(set, random, random.Next(6), 1 + random.Next(4), pairs, random.Next(5), random.Next(4), random.Next(3), back);
        Check(set, random, 5, 8, 16, 32, 0, 0, false);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Splitting_the_rows_does_not_change_a_bit(string set)
    {
        var kernels = KernelSets.Named(set);
        const int Rows = 9, Stride = 2 * 40;
        foreach (var pairs in new[] { 3, 8, 16, 19 })
        {
            var random = new Random(41);
            var table = Table(random, Rows, pairs);
            var x = Samples.Normal(random, Rows * Stride);
            var whole = (float[])x.Clone();
            kernels.Rotate(whole, Stride, 2, 40, table, 0, Rows);
            for (var split = 0; split <= Rows; split++)
            {
                var parts = (float[])x.Clone();
                kernels.Rotate(parts, Stride, 2, 40, table, 0, split);
                kernels.Rotate(parts.AsSpan(split * Stride), Stride, 2, 40, table, split, Rows - split);
                Samples.AssertSameBits(whole, parts, $"{set}: {pairs} pairs, {split} rows first");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Wrong_sizes_are_refused(string set)
    {
        var kernels = KernelSets.Named(set);
        var table = new RotaryTable(3, 2);
        Assert.Throws<ArgumentException>(() => kernels.Rotate(new float[24], 8, 2, 3, table, 0, 3));
        Assert.Throws<ArgumentException>(() => kernels.Rotate(new float[24], 7, 2, 4, table, 0, 3));
        Assert.Throws<ArgumentException>(() => kernels.Rotate(new float[23], 8, 2, 4, table, 0, 3));
        Assert.Throws<ArgumentException>(() => kernels.Rotate(new float[24], 8, 2, 4, table, 1, 3));
        Assert.Throws<ArgumentException>(() => kernels.Rotate(new float[24], 8, 2, 4, table, -1, 3));
    }

    private static RotaryTable Table(Random random, int rows, int pairs)
    {
        var table = new RotaryTable(rows, pairs);
        for (var i = 0; i < rows * pairs; i++)
        {
            var angle = 7 * random.NextDouble();
            table.Cos[2 * i] = table.Cos[2 * i + 1] = (float)Math.Cos(angle);
            table.Sin[2 * i + 1] = (float)Math.Sin(angle);
            table.Sin[2 * i] = -table.Sin[2 * i + 1];
        }

        return table;
    }

    private static void Check(string set, Random random, int rows, int heads, int pairs, int unturned, int gap, int firstRow, bool back)
    {
        var what = $"{set}: {rows} rows from {firstRow}, {heads} heads, {pairs} pairs and {unturned} more, gap {gap}, back {back}";
        var headDim = 2 * pairs + unturned;
        var stride = heads * headDim + gap;
        var table = Table(random, rows + firstRow + 1, pairs);
        var x = Samples.Rows(random, rows, heads * headDim, stride);
        var before = x.Span.ToArray();
        KernelSets.Named(set).Rotate(x.Span, stride, heads, headDim, table, firstRow, rows, back);
        x.AssertUntouched(what);
        for (var i = 0; i < x.Length; i++)
        {
            var (row, channel) = (i / stride, i % stride % headDim);
            if (i % stride >= heads * headDim)
            {
                Assert.True(x.IsPoison(i), $"{what}: wrote between rows.");
            }
            else if (channel >= 2 * pairs)
            {
                Assert.Equal(before[i], x[i]);
            }
            else
            {
                var at = (row + firstRow) * table.Width + channel / 2 * 2;
                double cos = table.Cos[at], sin = back ? -table.Sin[at + 1] : table.Sin[at + 1];
                double first = before[channel % 2 == 0 ? i : i - 1], second = before[channel % 2 == 0 ? i + 1 : i];
                var expected = channel % 2 == 0 ? first * cos - second * sin : second * cos + first * sin;
                Samples.AssertWithin(expected, x[i], 2 * Samples.Rounding * (Math.Abs(first) + Math.Abs(second)), $"{what}, at {row}, {channel}");
            }
        }
    }
}
