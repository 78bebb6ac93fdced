namespace Realtime.Models.Differentiation.Operations;

/// <summary>The end of a forward pass, in double; the gradient is written at once.</summary>
internal static unsafe class WeightedLoss
{
    public static double Run(Variable prediction, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, LossKind loss, double scale)
    {
        var (rows, width) = (prediction.Rows, prediction.Width);
        if (targets.Length != rows * width || weights.Length != rows)
            throw new ArgumentException($"{targets.Length} targets and {weights.Length} weights for predictions [{rows}, {width}].", nameof(targets));
        var gradient = prediction.NeedsGradient ? prediction.GradientToAddTo() : null;
        var total = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var (first, known) = (row * width, 0);
            for (var i = first; i < first + width; i++)
            {
                if (!float.IsNaN(targets[i])) known++;
            }

            if (known == 0) continue;
            var share = scale * weights[row] / known;
            for (var i = first; i < first + width; i++)
            {
                if (float.IsNaN(targets[i])) continue;
                var error = (double)prediction.ValuePointer[i] - targets[i];
                total += share * Cost(loss, error, out var slope);
                if (gradient is not null) gradient[i] += (float)(share * slope);
            }
        }

        return total;
    }

    private static double Cost(LossKind loss, double error, out double slope)
    {
        if (loss == LossKind.Squared)
        {
            slope = 2 * error;
            return error * error;
        }

        slope = Math.Clamp(error, -1, 1);
        return Math.Abs(error) <= 1 ? error * error / 2 : Math.Abs(error) - 0.5;
    }
}
