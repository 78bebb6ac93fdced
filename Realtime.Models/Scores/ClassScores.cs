namespace Realtime.Models.Scores;

/// <summary>
/// Scores of targets that take few values, such as the contrasts of a task or numbered classes: class_accuracy, the share of answers whose
/// nearest target value is the right one; and where the values have both signs sign_accuracy, the share of the sign_pairs pairs with a
/// target other than 0 in which the answer's sign is the target's, and majority_sign, the share of the more frequent sign among them.
/// </summary>
internal static class ClassScores
{
    // More values than these are taken as a scale, not as classes.
    private const int MaxClasses = 20;

    /// <summary>Adds nothing where the targets are no classes: few values, at least two, each twice on average.</summary>
    public static void AddTo(Dictionary<string, double> scores, ReadOnlySpan<double> predictions, ReadOnlySpan<double> targets,
        double? constant)
    {
        var classes = Classes(targets);
        if (classes is null) return;
        scores["class_accuracy"] = Accuracy(predictions, targets, classes);
        if (constant is { } value) scores["constant_class_accuracy"] = Accuracy([value], targets, classes);
        if (!(classes[0] < 0 && classes[^1] > 0)) return;
        int positive = 0, negative = 0, right = 0;
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i] > 0) positive++;
            else if (targets[i] < 0) negative++;
            if (targets[i] * predictions[i] > 0) right++;
        }

        double pairs = positive + negative;
        scores["sign_accuracy"] = right / pairs;
        scores["majority_sign"] = Math.Max(positive, negative) / pairs;
        scores["sign_pairs"] = pairs;
        if (constant is { } mean) scores["constant_sign_accuracy"] = (mean > 0 ? positive : mean < 0 ? negative : 0) / pairs;
    }

    /// <summary>The values, ascending; null where there are too many or too few.</summary>
    private static float[]? Classes(ReadOnlySpan<double> targets)
    {
        // Means of equal samples may differ in the last bit, which float32 drops.
        var values = new SortedSet<float>();
        foreach (var target in targets)
            if (values.Add((float)target) && values.Count > MaxClasses) return null;
        return values.Count >= 2 && targets.Length >= 2 * values.Count ? [.. values] : null;
    }

    /// <param name="predictions">One per target, or one for all.</param>
    /// <param name="targets">The truth.</param>
    /// <param name="classes">Ascending.</param>
    private static double Accuracy(ReadOnlySpan<double> predictions, ReadOnlySpan<double> targets, float[] classes)
    {
        var right = 0;
        for (var i = 0; i < targets.Length; i++)
            right += Nearest(predictions[predictions.Length == 1 ? 0 : i], classes) == (float)targets[i] ? 1 : 0;
        return (double)right / targets.Length;
    }

    private static float Nearest(double value, float[] classes)
    {
        var best = classes[0];
        foreach (var candidate in classes)
            if (Math.Abs(candidate - value) < Math.Abs(best - value)) best = candidate;
        return best;
    }
}
