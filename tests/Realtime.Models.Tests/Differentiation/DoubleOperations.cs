using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Tests.Kernels;

namespace Realtime.Models.Tests.Differentiation;

/// <summary>Operations in plain double loops that share nothing with the tape.</summary>
internal static class DoubleOperations
{
    public static double[] Rows(double[] x, int width, int[] rows) => [.. rows.SelectMany(row => x.Skip(row * width).Take(width))];

    public static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    /// <summary>x Wᵀ + bias.</summary>
    public static double[] Linear(double[] x, int inputs, double[] weight, double[]? bias)
    {
        var (rows, outputs) = (x.Length / inputs, weight.Length / inputs);
        var y = new double[rows * outputs];
        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < outputs; output++)
            {
                var sum = bias?[output] ?? 0;
                for (var i = 0; i < inputs; i++) sum += x[row * inputs + i] * weight[output * inputs + i];
                y[row * outputs + output] = sum;
            }
        }

        return y;
    }

    public static double[] LayerNorm(double[] x, double[] gain, double[] bias)
    {
        var y = new double[x.Length];
        foreach (var (row, index) in x.Chunk(gain.Length).Select((row, index) => (row, index)))
        {
            var mean = row.Average();
            var deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + 1e-5);
            for (var i = 0; i < row.Length; i++) y[index * row.Length + i] = (row[i] - mean) / deviation * gain[i] + bias[i];
        }

        return y;
    }

    public static double[] Geglu(double[] x, int half) =>
        [.. x.Chunk(2 * half).SelectMany(row => Enumerable.Range(0, half).Select(i => row[i] * DoubleReference.Gelu(row[half + i])))];

    /// <summary>Channel k of a head turns with channel k + width/2, by the angle of their row.</summary>
    public static double[] RotateHalves(double[] x, int heads, RotaryTable table, int[] tableRows)
    {
        var (y, pairs) = ((double[])x.Clone(), table.Width / 2);
        for (var row = 0; row < tableRows.Length * heads; row++)
        {
            for (var pair = 0; pair < pairs; pair++)
            {
                var (a, b, angle) = (row * table.Width + pair, row * table.Width + pairs + pair, tableRows[row / heads] * table.Width + 2 * pair + 1);
                double cos = table.Cos[angle], sin = table.Sin[angle];
                (y[a], y[b]) = (x[a] * cos - x[b] * sin, x[b] * cos + x[a] * sin);
            }
        }

        return y;
    }

    /// <summary>Pairs of channels turn by the angle of their row.</summary>
    public static double[] Rotate(double[] x, int width, int firstColumn, int heads, int headDim, RotaryTable table, int[] tableRows, bool back = false)
    {
        var y = (double[])x.Clone();
        for (var row = 0; row < tableRows.Length; row++)
        {
            for (var head = 0; head < heads; head++)
            {
                for (var pair = 0; pair < table.Width / 2; pair++)
                {
                    var at = row * width + firstColumn + head * headDim + 2 * pair;
                    var angle = tableRows[row] * table.Width + 2 * pair + 1;
                    double cos = table.Cos[angle], sin = back ? -table.Sin[angle] : table.Sin[angle];
                    (y[at], y[at + 1]) = (x[at] * cos - x[at + 1] * sin, x[at + 1] * cos + x[at] * sin);
                }
            }
        }

        return y;
    }

    /// <param name="q">Queries, with width and first column.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="segments">Who sees what.</param>
    /// <param name="outputRows">Rows of the result.</param>
    /// <param name="kept">What a weight is multiplied by, by its place.</param>
    /// <param name="masks">What segments name.</param>
    public static double[] Attend(
        (double[] Rows, int Width, int Column) q, (double[] Rows, int Width, int Column) k, (double[] Rows, int Width, int Column) v,
        int heads, int headDim, AttentionSegment[] segments, int outputRows, Func<uint, double>? kept = null, float[]? masks = null)
    {
        var y = new double[outputRows * heads * headDim];
        var place = 0u;
        foreach (var segment in segments)
        {
            for (var head = 0; head < heads; head++)
            {
                for (var query = 0; query < segment.Queries; query++)
                {
                    var weights = new double[segment.Keys];
                    for (var key = 0; key < segment.Keys; key++)
                    {
                        var score = 0.0;
                        for (var i = 0; i < headDim; i++)
                            score += At(q, segment.FirstQuery + query, head * headDim + i) * At(k, segment.FirstKey + key * segment.KeyStep, head * headDim + i);
                        weights[key] = score / Math.Sqrt(headDim) + (segment.Mask < 0 || masks is null ? 0 : masks[segment.Mask + query * segment.Keys + key]);
                    }

                    var largest = weights.DefaultIfEmpty().Max();
                    weights = Array.ConvertAll(weights, weight => double.IsNegativeInfinity(largest) ? 0 : Math.Exp(weight - largest));
                    var sum = double.IsNegativeInfinity(largest) ? 1 : weights.Sum();
                    for (var key = 0; key < segment.Keys; key++, place++)
                    {
                        var weight = weights[key] / sum * (kept?.Invoke(place) ?? 1);
                        for (var i = 0; i < headDim; i++)
                        {
                            y[((segment.FirstOutput + query) * heads + head) * headDim + i] +=
                                weight * At(v, segment.FirstKey + key * segment.KeyStep, head * headDim + i);
                        }
                    }
                }
            }
        }

        return y;
    }

    /// <summary>One layer from state 0; rows of a step lie together.</summary>
    public static double[] Gru(double[] x, int inputs, double[] inputWeight, double[] hiddenWeight, double[] inputBias, double[] hiddenBias, int sequences)
    {
        var (width, rows) = (inputBias.Length / 3, x.Length / inputs);
        var y = new double[rows * width];
        var state = new double[sequences * width];
        for (var first = 0; first < rows; first += sequences)
        {
            var input = Linear(x[(first * inputs)..((first + sequences) * inputs)], inputs, inputWeight, inputBias);
            var hidden = Linear(state, width, hiddenWeight, hiddenBias);
            for (var i = 0; i < state.Length; i++)
            {
                var at = i / width * 3 * width + i % width;
                var r = DoubleReference.Sigmoid(input[at] + hidden[at]);
                var z = DoubleReference.Sigmoid(input[at + width] + hidden[at + width]);
                var n = Math.Tanh(input[at + 2 * width] + r * hidden[at + 2 * width]);
                state[i] = (1 - z) * n + z * state[i];
            }

            state.CopyTo(y, first * width);
        }

        return y;
    }

    /// <summary>The factor of a place, by the published hash with the second key between its halves.</summary>
    public static double Kept(uint place, ulong keys, double rate)
    {
        var h = place ^ (uint)keys;
        h ^= h >> 16;
        h = unchecked(h * 0x85ebca6bu);
        h ^= (uint)(keys >> 32);
        h ^= h >> 13;
        h = unchecked(h * 0xc2b2ae35u);
        h ^= h >> 16;
        return (h >> 8) / 16777216.0 < rate ? 0 : 1 / (1 - rate);
    }

    private static double At((double[] Rows, int Width, int Column) x, int row, int column) => x.Rows[row * x.Width + x.Column + column];
}
