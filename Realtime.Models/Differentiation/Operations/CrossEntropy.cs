namespace Realtime.Models.Differentiation.Operations;

/// <summary>Cross-entropy of classes, in double; the gradient is written at once.</summary>
internal static unsafe class CrossEntropy
{
    public static double Run(Variable logits, ReadOnlySpan<int> classes, ReadOnlySpan<float> weights, double scale)
    {
        var (rows, width) = (logits.Rows, logits.Width);
        if (classes.Length != rows || (!weights.IsEmpty && weights.Length != rows))
            throw new ArgumentException($"{classes.Length} classes and {weights.Length} weights for logits [{rows}, {width}].", nameof(classes));
        foreach (var wanted in classes)
            if (wanted >= width) throw new ArgumentException($"Class {wanted} is outside the {width} that have logits.", nameof(classes));
        var gradient = logits.NeedsGradient ? logits.GradientToAddTo() : null;
        var total = 0.0;
        for (var row = 0; row < rows; row++)
        {
            if (classes[row] < 0) continue;
            var own = logits.Value.Slice(row * width, width);
            var share = scale * (weights.IsEmpty ? 1 : weights[row]);
            var sum = LogSum(own);
            total += share * (sum - own[classes[row]]);
            if (gradient is null) continue;
            var slope = gradient + (nint)row * width;
            for (var i = 0; i < width; i++) slope[i] += (float)(share * (Math.Exp(own[i] - sum) - (i == classes[row] ? 1 : 0)));
        }

        return total;
    }

    /// <summary>log Σ exp.</summary>
    private static double LogSum(ReadOnlySpan<float> x)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in x) largest = Math.Max(largest, value);
        if (double.IsInfinity(largest)) return largest;
        var sum = 0.0;
        foreach (var value in x) sum += Math.Exp(value - largest);
        return largest + Math.Log(sum);
    }
}
