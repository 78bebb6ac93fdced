namespace Realtime.Models.Mtm;

/// <summary>Scores of predicted rates against counts, over the entries that are scored, in double. Any thread. Source: IBL_foundation_model, src/utils/eval_utils.py.</summary>
public static class PoissonScores
{
    // Upstream's stand-in for a rate of 0, whose logarithm a count would meet.
    private const double LeastRate = 1e-9;

    /// <summary>Σ e^z - y z over scored entries: the training loss, without the log y! term, as a sum.</summary>
    /// <param name="logRates">z, any shape.</param>
    /// <param name="counts">y, of that shape.</param>
    /// <param name="scored">Which entries count.</param>
    public static double LossSum(ReadOnlySpan<double> logRates, ReadOnlySpan<float> counts, ReadOnlySpan<bool> scored)
    {
        double sum = 0;
        for (var i = 0; i < counts.Length; i++)
            if (scored[i]) sum += Math.Exp(logRates[i]) - counts[i] * logRates[i];
        return sum;
    }

    /// <summary>Bits per spike of one neuron: how much better its rates tell its counts than its own mean over the same entries does.</summary>
    /// <param name="rates">Spikes per bin, [entries, neurons].</param>
    /// <param name="counts">Of that shape.</param>
    /// <param name="scored">Which entries count.</param>
    /// <param name="neurons">Neurons.</param>
    /// <param name="neuron">Which one.</param>
    /// <returns>NaN where nothing is scored or there is no spike.</returns>
    public static double BitsPerSpike(ReadOnlySpan<double> rates, ReadOnlySpan<float> counts, ReadOnlySpan<bool> scored, int neurons, int neuron)
    {
        double spikes = 0;
        long entries = 0;
        for (var i = neuron; i < counts.Length; i += neurons)
        {
            if (!scored[i]) continue;
            entries++;
            spikes += counts[i];
        }

        if (spikes == 0) return double.NaN;
        var mean = spikes / entries;
        double gain = 0;
        for (var i = neuron; i < counts.Length; i += neurons)
        {
            if (!scored[i]) continue;
            var rate = rates[i] == 0 ? LeastRate : rates[i];
            gain += mean - rate + counts[i] * (Math.Log(rate) - Math.Log(mean));
        }

        return gain / (Math.Log(2) * spikes);
    }
}
