namespace Realtime.Models.Neuroformer;

/// <summary>
/// Upstream's losses of a batch, in double. The weights are those of its code, which uses n = 4 whether or not a contrastive loss is there.
/// Stateless; any thread.
/// </summary>
public static class NeuroformerLosses
{
    public const double IdWeight = 0.45;

    public const double TimeWeight = 0.3;

    public const double ContrastWeight = 0.25;

    /// <summary>Mean cross entropy over the rows whose target is not passed over; 0 where none is left.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="targets">[rows].</param>
    /// <param name="classes">Classes.</param>
    /// <param name="passedOver">The target that counts nothing, PAD; -1 for none.</param>
    public static double CrossEntropy(ReadOnlySpan<float> logits, ReadOnlySpan<int> targets, int classes, int passedOver = -1)
    {
        var (sum, count) = (0.0, 0);
        for (var row = 0; row < targets.Length; row++)
        {
            if (targets[row] == passedOver) continue;
            var values = logits.Slice(row * classes, classes);
            sum += LogSumExp(values) - values[targets[row]];
            count++;
        }

        return count == 0 ? 0 : sum / count;
    }

    /// <summary>Mean squared difference.</summary>
    public static double Squared(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets)
    {
        double sum = 0;
        for (var i = 0; i < targets.Length; i++) sum += (predictions[i] - (double)targets[i]) * (predictions[i] - (double)targets[i]);
        return sum / targets.Length;
    }

    /// <summary>
    /// Over all pairs of features (i before j), and over the windows: how surely window w's feature i finds its own feature j among those of the
    /// batch, logsumexp(s) - s_ww with s = cosine / temperature. NB: rows only, so the order of the names matters.
    /// </summary>
    /// <param name="features">By name, [windows, width].</param>
    /// <param name="windows">Windows of the batch.</param>
    /// <param name="temperature">Divides cosines.</param>
    public static double Contrast(IReadOnlyList<float[]> features, int windows, double temperature)
    {
        var (sum, pairs) = (0.0, 0);
        for (var i = 0; i < features.Count; i++)
        {
            for (var j = i + 1; j < features.Count; j++, pairs++)
            {
                for (var row = 0; row < windows; row++)
                {
                    var scores = new double[windows];
                    for (var column = 0; column < windows; column++) scores[column] = Cosine(Row(features[i], row), Row(features[j], column)) / temperature;
                    var top = scores.Max();
                    sum += top + Math.Log(scores.Sum(score => Math.Exp(score - top))) - scores[row];
                }
            }
        }

        return pairs == 0 ? 0 : sum / (pairs * windows);

        ReadOnlySpan<float> Row(float[] values, int row) => values.AsSpan(row * (values.Length / windows), values.Length / windows);
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double product = 0, ofA = 0, ofB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            ofA += (double)a[i] * a[i];
            ofB += (double)b[i] * b[i];
        }

        return product / Math.Sqrt(ofA * ofB);
    }

    private static double LogSumExp(ReadOnlySpan<float> values)
    {
        double top = double.NegativeInfinity, sum = 0;
        foreach (var value in values) top = Math.Max(top, value);
        foreach (var value in values) sum += Math.Exp(value - top);
        return top + Math.Log(sum);
    }
}
