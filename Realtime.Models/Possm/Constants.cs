using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>What a live model computes once, in double.</summary>
internal static class Constants
{
    private const double NormalizeEpsilon = 1e-5;

    /// <summary>Layer normalisation of one row.</summary>
    public static double[] LayerNorm(LayerNormWeights norm, double[] x)
    {
        var mean = x.Average();
        var scale = 1 / Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + NormalizeEpsilon);
        return [.. x.Select((value, i) => (value - mean) * scale * norm.Gain[i] + norm.Bias[i])];
    }

    /// <summary>W x, W [rows, x].</summary>
    public static double[] Product(ReadOnlySpan<float> weight, double[] x)
    {
        var product = new double[weight.Length / x.Length];
        for (var row = 0; row < product.Length; row++)
        {
            double sum = 0;
            for (var i = 0; i < x.Length; i++) sum += weight[row * x.Length + i] * x[i];
            product[row] = sum;
        }

        return product;
    }

    /// <summary>Rotates each head of a row by a time in seconds.</summary>
    public static void Rotate(double[] x, int headDim, ReadOnlySpan<float> omega, double seconds)
    {
        for (var head = 0; head < x.Length; head += headDim)
        {
            for (var pair = 0; pair < omega.Length; pair++)
            {
                var (sin, cos) = Math.SinCos(omega[pair] * seconds);
                var (a, b) = (x[head + 2 * pair], x[head + 2 * pair + 1]);
                (x[head + 2 * pair], x[head + 2 * pair + 1]) = (a * cos - b * sin, b * cos + a * sin);
            }
        }
    }

    public static double[] Row(float[] table, int row, int width) => Array.ConvertAll(table[(row * width)..((row + 1) * width)], value => (double)value);

    public static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
