namespace Realtime.Models.Differentiation.Operations;

/// <summary>Cross-entropy of cosines, each row of the first side against all of the second, in double; the gradients are written at once.</summary>
internal static unsafe class Contrastive
{
    // Rows shorter than this have no direction.
    private const double Shortest = 1e-12;

    public static double Run(Variable a, Variable b, double temperature, double scale)
    {
        if ((a.Rows, a.Width) != (b.Rows, b.Width))
            throw new ArgumentException($"[{a.Rows}, {a.Width}] and [{b.Rows}, {b.Width}] do not pair row by row.", nameof(b));
        if (!(temperature > 0)) throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature is above 0.");
        var (rows, width) = (a.Rows, a.Width);
        if (rows == 0) return 0;
        var (first, second) = (Directions(a, out var firstLengths), Directions(b, out var secondLengths));
        var slopes = new double[rows * rows];
        var total = 0.0;
        for (var i = 0; i < rows; i++)
        {
            var row = slopes.AsSpan(i * rows, rows);
            for (var k = 0; k < rows; k++) row[k] = Dot(first.AsSpan(i * width, width), second.AsSpan(k * width, width)) / temperature;
            total += ToSlopes(row, i);
        }

        var share = scale / rows;
        if (a.NeedsGradient) AddTo(a, first, firstLengths, second, slopes, rows, 1, share / temperature);
        if (b.NeedsGradient) AddTo(b, second, secondLengths, first, slopes, 1, rows, share / temperature);
        return share * total;
    }

    /// <summary>A row of scores to its probabilities, less 1 where the pair stands.</summary>
    /// <returns>The pair's cross-entropy.</returns>
    private static double ToSlopes(Span<double> row, int pair)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in row) largest = Math.Max(largest, score);
        var (own, sum) = (row[pair] - largest, 0.0);
        for (var k = 0; k < row.Length; k++) sum += row[k] = Math.Exp(row[k] - largest);
        for (var k = 0; k < row.Length; k++) row[k] /= sum;
        row[pair] -= 1;
        return Math.Log(sum) - own;
    }

    /// <summary>Σ over the other side of slope × its direction, without what lies along the own direction, over the own length.</summary>
    private static void AddTo(Variable x, double[] own, double[] lengths, double[] other, double[] slopes, int rowStep, int otherStep, double share)
    {
        var width = x.Width;
        var gradient = x.GradientToAddTo();
        var flow = new double[width];
        for (var row = 0; row < x.Rows; row++)
        {
            if (lengths[row] < Shortest) continue;
            Array.Clear(flow);
            for (var k = 0; k < x.Rows; k++)
            {
                var slope = slopes[row * rowStep + k * otherStep];
                for (var i = 0; i < width; i++) flow[i] += slope * other[k * width + i];
            }

            var direction = own.AsSpan(row * width, width);
            var along = Dot(flow, direction);
            var target = gradient + (nint)row * width;
            for (var i = 0; i < width; i++) target[i] += (float)(share * (flow[i] - along * direction[i]) / lengths[row]);
        }
    }

    private static double[] Directions(Variable x, out double[] lengths)
    {
        var directions = new double[x.Rows * x.Width];
        lengths = new double[x.Rows];
        for (var row = 0; row < x.Rows; row++)
        {
            var direction = directions.AsSpan(row * x.Width, x.Width);
            for (var i = 0; i < x.Width; i++) direction[i] = x.Value[row * x.Width + i];
            lengths[row] = Math.Sqrt(Dot(direction, direction));
            for (var i = 0; i < x.Width; i++) direction[i] /= Math.Max(lengths[row], Shortest);
        }

        return directions;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }
}
