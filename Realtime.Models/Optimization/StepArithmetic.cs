using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Realtime.Models.Optimization;

/// <summary>The loops of a step. Number by number, so that registers of any width give the same bits; spans of equal length.</summary>
internal static class StepArithmetic
{
    /// <summary>first ← β₁ first + (1 - β₁) g; second ← β₂ second + (1 - β₂) g².</summary>
    public static void UpdateMoments(Span<float> first, Span<float> second, ReadOnlySpan<float> gradient, double beta1, double beta2)
    {
        var (keep1, take1) = ((float)beta1, (float)(1 - beta1));
        var (keep2, take2) = ((float)beta2, (float)(1 - beta2));
        var firsts = Lanes(first);
        var seconds = Lanes(second);
        var gradients = Lanes(gradient);
        for (var i = 0; i < gradients.Length; i++)
        {
            firsts[i] = firsts[i] * keep1 + gradients[i] * take1;
            seconds[i] = seconds[i] * keep2 + gradients[i] * gradients[i] * take2;
        }

        for (var i = gradients.Length * Vector<float>.Count; i < gradient.Length; i++)
        {
            first[i] = first[i] * keep1 + gradient[i] * take1;
            second[i] = second[i] * keep2 + gradient[i] * gradient[i] * take2;
        }
    }

    /// <summary>direction ← first / (√second + ε) + decay × weight.</summary>
    public static void Direction(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> weight, float epsilon, float decay, Span<float> direction)
    {
        var firsts = Lanes(first);
        var seconds = Lanes(second);
        var weights = Lanes(weight);
        var directions = Lanes(direction);
        var epsilons = new Vector<float>(epsilon);
        for (var i = 0; i < directions.Length; i++)
            directions[i] = firsts[i] / (Vector.SquareRoot(seconds[i]) + epsilons) + weights[i] * decay;
        for (var i = directions.Length * Vector<float>.Count; i < direction.Length; i++)
            direction[i] = first[i] / (MathF.Sqrt(second[i]) + epsilon) + weight[i] * decay;
    }

    /// <summary>weight ← weight - rate × direction.</summary>
    public static void Subtract(Span<float> weight, ReadOnlySpan<float> direction, float rate)
    {
        var weights = Lanes(weight);
        var directions = Lanes(direction);
        for (var i = 0; i < weights.Length; i++) weights[i] -= directions[i] * rate;
        for (var i = weights.Length * Vector<float>.Count; i < weight.Length; i++) weight[i] -= direction[i] * rate;
    }

    /// <summary>weight ← keep × weight - rate × first / (√second / correction + ε).</summary>
    public static void AdamStep(
        Span<float> weight, ReadOnlySpan<float> first, ReadOnlySpan<float> second, float keep, float rate, float correction, float epsilon)
    {
        var weights = Lanes(weight);
        var firsts = Lanes(first);
        var seconds = Lanes(second);
        var (epsilons, corrections) = (new Vector<float>(epsilon), new Vector<float>(correction));
        for (var i = 0; i < weights.Length; i++)
            weights[i] = weights[i] * keep - firsts[i] / (Vector.SquareRoot(seconds[i]) / corrections + epsilons) * rate;
        for (var i = weights.Length * Vector<float>.Count; i < weight.Length; i++)
            weight[i] = weight[i] * keep - first[i] / (MathF.Sqrt(second[i]) / correction + epsilon) * rate;
    }

    /// <summary>average ← average + share × (value - average).</summary>
    public static void MoveTowards(Span<float> average, ReadOnlySpan<float> value, float share)
    {
        var averages = Lanes(average);
        var values = Lanes(value);
        for (var i = 0; i < averages.Length; i++) averages[i] += (values[i] - averages[i]) * share;
        for (var i = averages.Length * Vector<float>.Count; i < average.Length; i++) average[i] += (value[i] - average[i]) * share;
    }

    /// <summary>The Euclidean norm, summed in double and in one order.</summary>
    public static double Norm(ReadOnlySpan<float> x)
    {
        // Eight sums whatever the registers' width, so that their order is one.
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var eights = MemoryMarshal.Cast<float, Vector256<float>>(x);
        foreach (var eight in eights)
        {
            var (first, second) = Vector256.Widen(eight);
            low += first * first;
            high += second * second;
        }

        var sum = Vector256.Sum(low + high);
        for (var i = eights.Length * Vector256<float>.Count; i < x.Length; i++) sum += (double)x[i] * x[i];
        return Math.Sqrt(sum);
    }

    private static Span<Vector<float>> Lanes(Span<float> x) => MemoryMarshal.Cast<float, Vector<float>>(x);

    private static ReadOnlySpan<Vector<float>> Lanes(ReadOnlySpan<float> x) => MemoryMarshal.Cast<float, Vector<float>>(x);
}
