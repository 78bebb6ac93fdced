using Realtime.Engine.Numerics;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// Chooses a token from logits, in upstream's order: top-k, then top-p, then temperature, then the most likely or a draw. Stateless; any thread.
/// Source: github.com/a-antoniades/Neuroformer, neuroformer/simulation.py (top_k_top_p_filtering).
/// </summary>
public static class NeuroformerTokenChoice
{
    /// <summary>Index of the largest logit, the first of equals.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    /// <summary>Probabilities after filtering, in double; what is filtered out has 0.</summary>
    /// <param name="logits">One row.</param>
    /// <param name="topK">0 for all. Tokens as likely as the last one kept stay.</param>
    /// <param name="topP">0 for all. At least one token stays: the one that passes the sum is kept.</param>
    /// <param name="temperature">Divides logits after filtering.</param>
    public static double[] Probabilities(ReadOnlySpan<float> logits, int topK, double topP, double temperature)
    {
        var values = new double[logits.Length];
        for (var i = 0; i < values.Length; i++) values[i] = logits[i];
        if (topK > 0 && topK < values.Length)
        {
            var last = values.OrderDescending().ElementAt(topK - 1);
            for (var i = 0; i < values.Length; i++)
                if (values[i] < last) values[i] = double.NegativeInfinity;
        }

        if (topP > 0)
        {
            var order = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ToArray();
            var shares = Softmax(values, 1);
            double before = 0;
            foreach (var i in order)
            {
                // A token goes where those before it have passed the sum already.
                if (before > topP) values[i] = double.NegativeInfinity;
                before += shares[i];
            }
        }

        return Softmax(values, temperature);
    }

    /// <summary>Draws an index.</summary>
    public static int Draw(ReadOnlySpan<double> probabilities, PortableRandom random)
    {
        var left = random.Uniform();
        var last = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] == 0) continue;
            last = i;
            left -= probabilities[i];
            if (left < 0) break;
        }

        return last;
    }

    private static double[] Softmax(double[] values, double temperature)
    {
        var top = values.Max();
        var shares = Array.ConvertAll(values, value => Math.Exp((value - top) / temperature));
        var sum = shares.Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }
}
