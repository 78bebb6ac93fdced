namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    private const double NormalizeEpsilon = 1e-5;

    public override void Rotate(Span<float> x, int stride, int heads, int headDim, RotaryTable table, int firstRow, int rows, bool back)
    {
        for (var row = 0; row < rows; row++)
        {
            var cos = table.Cos.Slice((firstRow + row) * table.Width, table.Width);
            var sin = table.Sin.Slice((firstRow + row) * table.Width, table.Width);
            for (var head = 0; head < heads; head++)
            {
                var channels = x.Slice(row * stride + head * headDim, table.Width);
                for (var i = 0; i < table.Width; i += 2)
                {
                    var s = back ? -sin[i + 1] : sin[i + 1];
                    (channels[i], channels[i + 1]) = (channels[i] * cos[i] - channels[i + 1] * s, channels[i + 1] * cos[i] + channels[i] * s);
                }
            }
        }
    }

    public override void Normalize(ReadOnlySpan<float> x, int rows, int width, Span<float> y)
    {
        for (var row = 0; row < rows; row++)
        {
            var source = x.Slice(row * width, width);
            double mean = 0, variance = 0;
            foreach (var value in source) mean += value;
            mean /= width;
            foreach (var value in source) variance += (value - mean) * (value - mean);
            var scale = 1 / Math.Sqrt(variance / width + NormalizeEpsilon);
            for (var i = 0; i < width; i++) y[row * width + i] = (float)((source[i] - mean) * scale);
        }
    }

    public override void LayerNorm(ReadOnlySpan<float> x, int rows, int width, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, Span<float> y)
    {
        Normalize(x, rows, width, y);
        for (var i = 0; i < rows * width; i++) y[i] = y[i] * gain[i % width] + bias[i % width];
    }

    public override void Geglu(ReadOnlySpan<float> hidden, int rows, int half, Span<float> output)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < half; i++)
            {
                var g = hidden[row * 2 * half + half + i];
                output[row * half + i] = hidden[row * 2 * half + i] * 0.5f * g * (1 + (float)ErfDouble(g * 0.70710678118654752));
            }
        }
    }

    public override void Erf(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++) y[i] = (float)ErfDouble(x[i]);
    }

    public override void Softmax(Span<float> x, int rows, int width)
    {
        for (var row = 0; row < rows; row++)
        {
            var values = x.Slice(row * width, width);
            var max = float.NegativeInfinity;
            foreach (var value in values) max = MathF.Max(max, value);
            if (float.IsNegativeInfinity(max))
            {
                values.Clear();
                continue;
            }

            var sum = 0f;
            for (var i = 0; i < width; i++) sum += values[i] = MathF.Exp(values[i] - max);
            for (var i = 0; i < width; i++) values[i] /= sum;
        }
    }

    public override void CosSinTurns(ReadOnlySpan<double> turns, Span<float> cos, Span<float> sin)
    {
        for (var i = 0; i < turns.Length; i++)
        {
            var angle = 2 * Math.PI * (turns[i] - Math.Round(turns[i]));
            cos[i] = (float)Math.Cos(angle);
            sin[i] = (float)Math.Sin(angle);
        }
    }

    public override void GruGates(ReadOnlySpan<float> input, ReadOnlySpan<float> hidden, Span<float> state)
    {
        var width = state.Length;
        for (var i = 0; i < width; i++)
        {
            var r = 1 / (1 + MathF.Exp(-(input[i] + hidden[i])));
            var z = 1 / (1 + MathF.Exp(-(input[width + i] + hidden[width + i])));
            var n = MathF.Tanh(input[2 * width + i] + r * hidden[2 * width + i]);
            state[i] = (1 - z) * n + z * state[i];
        }
    }

    // Series near 0, continued fraction outside: good to 1e-15.
    private static double ErfDouble(double x)
    {
        var t = Math.Abs(x);
        if (t > 6) return Math.Sign(x);
        if (t < 2.5)
        {
            double term = x, sum = x;
            for (var n = 1; n < 80; n++)
            {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }

            return sum * 2 / Math.Sqrt(Math.PI);
        }

        var fraction = 0.0;
        for (var n = 60; n >= 1; n--) fraction = n / 2.0 / (t + fraction);
        return Math.Sign(x) * (1 - Math.Exp(-t * t) / Math.Sqrt(Math.PI) / (t + fraction));
    }
}
