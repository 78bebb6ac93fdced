using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// What one unit's spikes look like. Intervals and counting windows never reach across the session's segments; NaN where there are too few.
/// </summary>
/// <param name="Spikes">Spikes within the segments.</param>
/// <param name="RateHz">Spikes per second of the segments.</param>
/// <param name="Cv">Standard deviation over mean of the interspike intervals (1 = Poisson).</param>
/// <param name="Lv">Local variation of neighbouring intervals (1 = Poisson; Shinomoto and others 2003, Neural Computation 15:2823).</param>
/// <param name="ShortIsiShare">Share of intervals below 2 ms, which one neuron hardly has.</param>
/// <param name="BurstIndex">Share of intervals below 6 ms (as Harris and others 2001, Neuron 32:141, count burst intervals).</param>
/// <param name="ShortFano">Variance over mean of the counts in the shorter windows (1 = Poisson).</param>
/// <param name="LongFano">The same for the longer windows.</param>
public sealed record SpikeStatistics(
    int Spikes, double RateHz, double Cv, double Lv, double ShortIsiShare, double BurstIndex, double ShortFano, double LongFano)
{
    private const double RefractorySeconds = 0.002;
    private const double BurstSeconds = 0.006;

    /// <summary>Statistics of every unit of the session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="shortWindow">Shorter counting window, seconds.</param>
    /// <param name="longWindow">Longer counting window, seconds.</param>
    public static SpikeStatistics[] PerUnit(Session session, double shortWindow = 0.1, double longWindow = 1)
    {
        var trains = new List<double>[session.Units.Count];
        for (var row = 0; row < trains.Length; row++) trains[row] = [];
        for (var i = 0; i < session.SpikeSamples.Length; i++)
            trains[session.SpikeUnits[i]].Add(session.SpikeSamples[i] / session.SampleRateHz);
        return Array.ConvertAll(trains, train => Of([.. train], session.Segments, shortWindow, longWindow));
    }

    /// <summary>Statistics of one unit.</summary>
    /// <param name="times">Spike times, seconds, ascending.</param>
    /// <param name="segments">Stretches to look at, seconds, ascending.</param>
    /// <param name="shortWindow">Shorter counting window, seconds.</param>
    /// <param name="longWindow">Longer counting window, seconds.</param>
    public static SpikeStatistics Of(double[] times, IReadOnlyList<TimeRange> segments, double shortWindow = 0.1, double longWindow = 1)
    {
        var (intervals, pairs, spikes) = (new List<double>(), new List<double>(), 0);
        var (shortCounts, longCounts) = (new List<int>(), new List<int>());
        foreach (var segment in segments)
        {
            var from = LowerBound(times, segment.Start);
            var to = LowerBound(times, segment.End);
            spikes += to - from;
            for (var i = from + 1; i < to; i++)
            {
                intervals.Add(times[i] - times[i - 1]);
                if (i > from + 1) pairs.Add(LocalTerm(times[i - 1] - times[i - 2], times[i] - times[i - 1]));
            }

            Count(times, segment, shortWindow, shortCounts);
            Count(times, segment, longWindow, longCounts);
        }

        return new SpikeStatistics(spikes, spikes / segments.Sum(segment => segment.Length), Cv: Spread(intervals),
            Lv: pairs.Count > 0 ? 3 * pairs.Average() : double.NaN, Share(intervals, RefractorySeconds), Share(intervals, BurstSeconds),
            Fano(shortCounts), Fano(longCounts));
    }

    private static double LocalTerm(double a, double b) => a + b > 0 ? (a - b) / (a + b) * ((a - b) / (a + b)) : 0;

    private static double Share(List<double> intervals, double limit) =>
        intervals.Count > 0 ? (double)intervals.Count(interval => interval < limit) / intervals.Count : double.NaN;

    private static double Spread(List<double> values) => values.Count > 1 ? Math.Sqrt(Variance(values)) / values.Average() : double.NaN;

    private static double Fano(List<int> counts)
    {
        var values = counts.ConvertAll(count => (double)count);
        return counts.Count > 1 && counts.Any(count => count > 0) ? Variance(values) / values.Average() : double.NaN;
    }

    /// <summary>Unbiased: divided by one less than the number of values.</summary>
    private static double Variance(List<double> values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }

    /// <summary>Adds the counts of the whole windows that fit the segment, laid from its start.</summary>
    private static void Count(double[] times, TimeRange segment, double window, List<int> counts)
    {
        // A segment of ten windows may come out a rounding error short of them.
        var windows = (int)Math.Floor(segment.Length / window + 1e-9);
        var from = LowerBound(times, segment.Start);
        for (var i = 1; i <= windows; i++)
        {
            var to = LowerBound(times, segment.Start + i * window);
            counts.Add(to - from);
            from = to;
        }
    }

    private static int LowerBound(double[] times, double time)
    {
        var (low, high) = (0, times.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (times[middle] < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
