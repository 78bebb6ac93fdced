using Realtime.Models.Poyo;
using Realtime.Models.Transformer;

namespace Realtime.Models.Tests.Poyo;

/// <summary>
/// POYO in double with nothing but loops, written from the published description and sharing no code with the engine: one sample, rows
/// as arrays, rotation as complex products.
/// </summary>
internal static class NaivePoyo
{
    public static double[][] Predict(PoyoWeights weights, PoyoSample sample)
    {
        var config = weights.Config;
        var tokens = new List<(double[] Vector, double Time)>();
        foreach (var row in sample.UnitRows)
        {
            tokens.Add((Add(Pick(weights.Units, row), Pick(weights.TokenTypes, 1)), 0));
            tokens.Add((Add(Pick(weights.Units, row), Pick(weights.TokenTypes, 2)), config.SequenceLength));
        }

        for (var i = 0; i < sample.SpikeTimes.Count; i++)
            tokens.Add((Add(Pick(weights.Units, sample.UnitRows[sample.SpikeUnits[i]]), Pick(weights.TokenTypes, 0)), sample.SpikeTimes[i]));

        var latents = new List<(double[] Vector, double Time)>();
        for (var step = 0; step < Math.Ceiling(config.SequenceLength / config.LatentStep); step++)
        {
            for (var i = 0; i < config.NumLatentsPerStep; i++) latents.Add((Pick(weights.Latents, i), (step + 0.5) * config.LatentStep));
        }

        latents = Cross(weights.EncoderAttention, latents, tokens, weights.Omega, turnValues: true);
        latents = Map(weights.EncoderFeedForward, latents);
        foreach (var layer in weights.Layers)
        {
            latents = Self(layer.Attention, latents, weights.Omega);
            latents = Map(layer.FeedForward, latents);
        }

        var queries = sample.QueryTimes.Select(time => (Pick(weights.Sessions, sample.SessionRow), time)).ToList();
        queries = Cross(weights.DecoderAttention, queries, latents, weights.Omega, turnValues: false);
        queries = Map(weights.DecoderFeedForward, queries);
        return [.. queries.Select(query => Linear(weights.Readout, weights.ReadoutBias, query.Item1))];

        double[] Pick(float[] table, int row) => [.. table.Skip(row * config.Dim).Take(config.Dim).Select(value => (double)value)];
    }

    private static List<(double[] Vector, double Time)> Cross(
        CrossAttentionWeights weights, List<(double[] Vector, double Time)> queries, List<(double[] Vector, double Time)> context, float[] omega, bool turnValues)
    {
        var keyValues = context.Select(row => Linear(weights.ToKeyValue, null, Norm(weights.ContextNorm, row.Vector))).ToArray();
        var keys = keyValues.Select(row => row[..weights.Inner]).ToArray();
        var values = keyValues.Select(row => row[weights.Inner..]).ToArray();
        var times = context.Select(row => row.Time).ToArray();
        return [.. queries.Select(query =>
        {
            var q = Linear(weights.ToQuery, null, Norm(weights.Norm, query.Vector));
            var attended = Attend(q, query.Time, keys, values, times, weights.Heads, weights.HeadDim, omega, turnValues);
            return (Add(query.Vector, Linear(weights.Out, weights.OutBias, attended)), query.Time);
        })];
    }

    private static List<(double[] Vector, double Time)> Self(SelfAttentionWeights weights, List<(double[] Vector, double Time)> rows, float[] omega)
    {
        var all = rows.Select(row => Linear(weights.ToQueryKeyValue, null, Norm(weights.Norm, row.Vector))).ToArray();
        var keys = all.Select(row => row[weights.Inner..(2 * weights.Inner)]).ToArray();
        var values = all.Select(row => row[(2 * weights.Inner)..]).ToArray();
        var times = rows.Select(row => row.Time).ToArray();
        return [.. rows.Select((row, index) =>
        {
            var attended = Attend(all[index][..weights.Inner], row.Time, keys, values, times, weights.Heads, weights.HeadDim, omega, turnValues: true);
            return (Add(row.Vector, Linear(weights.Out, weights.OutBias, attended)), row.Time);
        })];
    }

    private static double[] Attend(
        double[] q, double time, double[][] keys, double[][] values, double[] times, int heads, int headDim, float[] omega, bool turnValues)
    {
        var result = new double[heads * headDim];
        for (var head = 0; head < heads; head++)
        {
            var part = (head * headDim)..((head + 1) * headDim);

            // Only differences of times count: the key is turned into the query's frame.
            var scores = keys.Select((key, index) => Dot(q[part], Turn(key[part], times[index] - time, omega)) / Math.Sqrt(headDim)).ToArray();
            if (scores.Length == 0) continue;
            var top = scores.Max();
            var total = scores.Sum(score => Math.Exp(score - top));
            for (var index = 0; index < keys.Length; index++)
            {
                var value = turnValues ? Turn(values[index][part], times[index] - time, omega) : values[index][part];
                for (var i = 0; i < headDim; i++) result[head * headDim + i] += Math.Exp(scores[index] - top) / total * value[i];
            }
        }

        return result;
    }

    private static double[] Turn(double[] head, double time, float[] omega)
    {
        var turned = new double[head.Length];
        for (var pair = 0; pair < head.Length / 2; pair++)
        {
            var product = new System.Numerics.Complex(head[2 * pair], head[2 * pair + 1]) * System.Numerics.Complex.FromPolarCoordinates(1, omega[pair] * time);
            (turned[2 * pair], turned[2 * pair + 1]) = (product.Real, product.Imaginary);
        }

        return turned;
    }

    private static List<(double[] Vector, double Time)> Map(FeedForwardWeights weights, List<(double[] Vector, double Time)> rows) => [.. rows.Select(row =>
    {
        var hidden = Linear(weights.In, weights.InBias, Norm(weights.Norm, row.Vector));
        var half = hidden.Length / 2;
        var gated = new double[half];
        for (var i = 0; i < half; i++) gated[i] = hidden[i] * hidden[half + i] * NormalCdf(hidden[half + i]);
        return (Add(row.Vector, Linear(weights.Out, weights.OutBias, gated)), row.Time);
    })];

    /// <summary>∫ of the normal density up to x, by Simpson's rule; good to 1e-12.</summary>
    private static double NormalCdf(double x)
    {
        const int steps = 400;
        if (Math.Abs(x) > 9) return x > 0 ? 1 : 0;
        var h = x / steps;
        var sum = 0.0;
        for (var i = 0; i <= steps; i++) sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-0.5 * i * h * i * h);
        return 0.5 + sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }

    private static double[] Norm(LayerNormWeights weights, double[] row)
    {
        var mean = row.Average();
        var variance = row.Average(value => (value - mean) * (value - mean));
        return [.. row.Select((value, i) => (value - mean) / Math.Sqrt(variance + 1e-5) * weights.Gain[i] + weights.Bias[i])];
    }

    private static double[] Linear(float[] weight, float[]? bias, double[] row)
    {
        var result = new double[weight.Length / row.Length];
        for (var output = 0; output < result.Length; output++)
        {
            result[output] = bias?[output] ?? 0;
            for (var input = 0; input < row.Length; input++) result[output] += weight[output * row.Length + input] * row[input];
        }

        return result;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
