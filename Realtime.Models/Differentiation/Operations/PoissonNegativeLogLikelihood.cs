namespace Realtime.Models.Differentiation.Operations;

/// <summary>exp(z) - count z, in double; the gradient is written at once.</summary>
internal static unsafe class PoissonNegativeLogLikelihood
{
    public static double Run(Variable logRates, ReadOnlySpan<float> counts, ReadOnlySpan<float> mask, double scale)
    {
        var count = logRates.Rows * logRates.Width;
        if (counts.Length != count || mask.Length != count)
            throw new ArgumentException($"{counts.Length} counts and {mask.Length} numbers of the mask for log rates [{logRates.Rows}, {logRates.Width}].", nameof(counts));
        var gradient = logRates.NeedsGradient ? logRates.GradientToAddTo() : null;
        var values = logRates.ValuePointer;
        var total = 0.0;
        for (var i = 0; i < count; i++)
        {
            // What is not scored may be anything, NaN as well.
            if (mask[i] == 0) continue;
            var share = scale * mask[i];
            var rate = Math.Exp(values[i]);
            total += share * (rate - (double)counts[i] * values[i]);
            if (gradient is not null) gradient[i] += (float)(share * (rate - counts[i]));
        }

        return total;
    }
}
