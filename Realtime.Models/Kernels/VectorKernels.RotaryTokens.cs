namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void RotaryScores(in RotaryTokens tokens, int groups, ReadOnlySpan<float> table, Span<float> scores)
    {
        var count = tokens.Rows.Length;
        var width = RotaryScoreWidth(groups, tokens.Pairs);
        var padded = RotaryTokens.Padded(tokens.Pairs);
        Check(tokens, table.Length / width);
        Need(scores.Length >= (long)groups * count, "There is no room for the scores.");
        fixed (int* rows = tokens.Rows)
        fixed (float* cos = tokens.Cos, sin = tokens.Sin, entries = table, to = scores)
        {
            for (var group = 0; group < groups; group++)
            {
                for (var token = 0; token < count; token++)
                {
                    var row = entries + (nint)rows[token] * width;
                    var even = row + (nint)group * 2 * padded;
                    var turn = (nint)token * tokens.Pairs;
                    var sum = TLanes.Zero;
                    for (nint i = 0; i < padded; i += TLanes.Count)
                    {
                        sum = TLanes.MultiplyAdd(TLanes.Load(cos + turn + i), TLanes.Load(even + i), sum);
                        sum = TLanes.MultiplyAdd(TLanes.Load(sin + turn + i), TLanes.Load(even + padded + i), sum);
                    }

                    to[(nint)group * count + token] = TLanes.Sum(sum) + row[(nint)groups * 2 * padded + group];
                }
            }
        }
    }

    public override void RotarySums(
        in RotaryTokens tokens, ReadOnlySpan<float> weights, int groups, int heads, int headDim, ReadOnlySpan<float> table, int tableStride, Span<float> output)
    {
        var count = tokens.Rows.Length;
        var width = RotaryValueWidth(headDim, tokens.Pairs);
        var padded = RotaryTokens.Padded(tokens.Pairs);
        Need(heads > 0 && tableStride >= (long)heads * width, "The table's rows are shorter than its heads.");
        Check(tokens, table.Length / tableStride);
        Need(weights.Length >= (long)groups * count && output.Length >= (long)groups * width, "The weights or the output are too short.");
        fixed (int* rows = tokens.Rows)
        fixed (float* cos = tokens.Cos, sin = tokens.Sin, shares = weights, entries = table, to = output)
        {
            for (var group = 0; group < groups; group++)
            {
                var share = shares + (nint)group * count;
                var head = entries + (nint)(group % heads) * width;
                var result = to + (nint)group * width;
                for (nint i = 0; i < padded; i += TLanes.Count)
                    Turned(rows, count, cos + i, sin + i, tokens.Pairs, share, head + i, tableStride, padded, result + i);
                for (nint i = 2 * padded; i < width; i += 2 * TLanes.Count)
                    Still(rows, count, share, head + i, tableStride, result + i, width - i);
            }
        }
    }

    /// <summary>One register of turned pairs: their first channels at <paramref name="result"/>, the second ones a part further.</summary>
    private static void Turned(
        int* rows, int count, float* cos, float* sin, nint pairs, float* share, float* first, nint stride, nint part, float* result)
    {
        var even = TLanes.Zero;
        var odd = TLanes.Zero;
        for (nint token = 0; token < count; token++)
        {
            var value = first + rows[token] * stride;
            var x = TLanes.Load(value);
            var y = TLanes.Load(value + part);
            var weight = TLanes.Broadcast(share[token]);
            var c = TLanes.Multiply(weight, TLanes.Load(cos + token * pairs));
            var s = TLanes.Multiply(weight, TLanes.Load(sin + token * pairs));
            even = TLanes.NegatedMultiplyAdd(s, y, TLanes.MultiplyAdd(c, x, even));
            odd = TLanes.MultiplyAdd(s, x, TLanes.MultiplyAdd(c, y, odd));
        }

        TLanes.Store(result, even);
        TLanes.Store(result + part, odd);
    }

    /// <summary>Up to two registers of channels that do not turn.</summary>
    private static void Still(int* rows, int count, float* share, float* first, nint stride, float* result, nint left)
    {
        var second = left > TLanes.Count ? TLanes.Count : 0;
        var a = TLanes.Zero;
        var b = TLanes.Zero;
        for (nint token = 0; token < count; token++)
        {
            var value = first + rows[token] * stride;
            var weight = TLanes.Broadcast(share[token]);
            a = TLanes.MultiplyAdd(weight, TLanes.Load(value), a);
            b = TLanes.MultiplyAdd(weight, TLanes.Load(value + second), b);
        }

        TLanes.Store(result, a);
        TLanes.Store(result + second, second == 0 ? a : b);
    }

    private static void Check(in RotaryTokens tokens, int tableRows)
    {
        var length = RotaryTokens.Length(tokens.Rows.Length, tokens.Pairs);
        Need(tokens.Cos.Length >= length && tokens.Sin.Length >= length, "Cosines and sines are too short.");
        var largest = 0u;
        foreach (var row in tokens.Rows) largest = Math.Max(largest, (uint)row);
        Need(tokens.Rows.Length == 0 || largest < (uint)tableRows, "A token's row is outside its table.");
    }
}
