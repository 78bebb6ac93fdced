using Realtime.Engine.Sessions;
using Realtime.Models.Training;

namespace Realtime.Models.Neuroformer.Connectivity;

/// <summary>The classical measure to stand beside: pairs of spikes at short lags against chance. Stateless; any thread.</summary>
public static class CrossCorrelogram
{
    /// <summary>(pairs - expected) / √expected of each target's spikes that follow a source's by 1 to <paramref name="lags"/> bins, expected from both rates.</summary>
    /// <param name="session">Its units are rows and columns.</param>
    /// <param name="intervals">Stretches that are counted, each by itself.</param>
    /// <param name="binSeconds">Length of a bin.</param>
    /// <param name="lags">Longest lag, bins, from 1.</param>
    public static ConnectivityMatrix Of(Session session, IReadOnlyList<TimeRange> intervals, double binSeconds, int lags)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lags, 1);
        var units = session.Units.Count;
        var spikes = SpikeTrain.Of(session, session.Units);
        var binNs = (long)Math.Round(binSeconds * 1e9);
        var (pairs, expected) = (new double[units * units], new double[units * units]);
        foreach (var interval in intervals)
        {
            var (start, end) = (TrainingSet.ToNs(interval.Start), TrainingSet.ToNs(interval.End));
            var window = spikes.Window(start, end);
            var counts = new double[units];
            var first = 0;
            for (var spike = 0; spike < window.Units.Length; spike++)
            {
                var bin = (window.TimesNs[spike] - start) / binNs;
                counts[window.Units[spike]]++;
                while ((window.TimesNs[first] - start) / binNs < bin - lags) first++;
                for (var before = first; before < spike; before++)
                    if ((window.TimesNs[before] - start) / binNs < bin) pairs[window.Units[spike] * units + window.Units[before]]++;
            }

            var bins = Math.Max(1, (end - start) / binNs);
            for (var pair = 0; pair < pairs.Length; pair++) expected[pair] += counts[pair / units] * counts[pair % units] * lags / bins;
        }

        return new ConnectivityMatrix(
            session.Units.Units, [.. pairs.Select((count, pair) => expected[pair] > 0 ? (count - expected[pair]) / Math.Sqrt(expected[pair]) : double.NaN)], IsSigned: true);
    }
}
