using Realtime.Engine.Sessions;
using Realtime.Engine.Time;
using Realtime.Models.Scores;

namespace Realtime.Models.Training.Windows;

/// <summary>
/// The mean of each target over [end - target, end) at any moment of a session, in any order: the same bits as <see cref="TargetAverager"/>
/// answers, which scores live runs. Costs a binary search and the rows of one target. Immutable; any thread.
/// </summary>
public sealed class BehaviourMeans
{
    private readonly long[] _timesNs;
    private readonly double[][] _values;

    /// <param name="session">The session.</param>
    /// <param name="targets">What is averaged; indices of its behaviour channels.</param>
    /// <param name="targetNs">Length of the interval, ns.</param>
    public BehaviourMeans(Session session, IReadOnlyList<TargetSource> targets, long targetNs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targetNs, 1);
        var time = new SampleTimeline(0, session.SampleRateHz);
        _timesNs = Array.ConvertAll(session.BehaviourSamples, time.DataNs);
        _values = [.. targets.Select(target => Column(session, target))];
        TargetNs = targetNs;
    }

    /// <summary>Number of targets.</summary>
    public int Count => _values.Length;

    /// <summary>Length of the interval, ns.</summary>
    public long TargetNs { get; }

    /// <summary>The means over [endNs - TargetNs, endNs), NaN where nothing is known.</summary>
    public void Mean(long endNs, Span<double> means)
    {
        var (first, last) = (FirstAt(endNs - TargetNs), FirstAt(endNs));
        for (var target = 0; target < _values.Length; target++)
        {
            // NB: summed from the oldest row on, as live: running sums over the session would round otherwise.
            double sum = 0;
            var known = 0;
            foreach (var value in _values[target].AsSpan(first, last - first))
            {
                if (double.IsNaN(value)) continue;
                sum += value;
                known++;
            }

            means[target] = known == 0 ? double.NaN : sum / known;
        }
    }

    private static double[] Column(Session session, TargetSource target)
    {
        var values = new double[session.BehaviourSamples.Length];
        for (var row = 0; row < values.Length; row++)
        {
            var value = session.BehaviourValues[row * session.Behaviour.Count + target.Channel];
            values[row] = float.IsFinite(value) ? target.Transform.Apply(value) : double.NaN;
        }

        return values;
    }

    private int FirstAt(long timeNs)
    {
        var (low, high) = (0, _timesNs.Length);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (_timesNs[middle] < timeNs) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
