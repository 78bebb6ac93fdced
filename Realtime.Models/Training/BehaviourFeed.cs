using Realtime.Engine.Sessions;
using Realtime.Engine.Time;
using Realtime.Models.Scores;

namespace Realtime.Models.Training;

/// <summary>Plays a session's behaviour into a <see cref="TargetAverager"/>, up to each moment asked about; moments must rise within an
/// interval.</summary>
internal sealed class BehaviourFeed
{
    private readonly Session _session;
    private readonly SampleTimeline _time;
    private readonly TargetAverager _averager;
    private readonly int[] _channels;
    private readonly long _targetNs;
    private int _next;

    public BehaviourFeed(Session session, IReadOnlyList<TargetSource> targets, long targetNs)
    {
        _session = session;
        _time = new SampleTimeline(0, session.SampleRateHz);
        _channels = targets.Select(target => target.Channel).Distinct().ToArray();
        _targetNs = targetNs;
        _averager = new TargetAverager(targets, session.SampleRateHz, 0, targetNs, Capacity(session, targetNs));
    }

    /// <summary>Begins a new interval, the first mean of which ends at <paramref name="endNs"/> or later.</summary>
    public void Seek(long endNs)
    {
        _averager.Reset();
        _next = FirstAt(endNs - _targetNs);
    }

    /// <summary>The means over [endNs - TargetNs, endNs).</summary>
    public void Mean(long endNs, Span<double> means)
    {
        var columns = _session.Behaviour.Count;
        for (; _next < _session.BehaviourSamples.Length && _time.DataNs(_session.BehaviourSamples[_next]) < endNs; _next++)
        {
            foreach (var channel in _channels)
                _averager.Add(_session.BehaviourSamples[_next], channel, _session.BehaviourValues[_next * columns + channel]);
        }

        _averager.Mean(endNs, means);
    }

    /// <summary>Rows in the fullest stretch of the target's length, so that no mean lacks a sample.</summary>
    private static int Capacity(Session session, long targetNs)
    {
        var samples = (long)Math.Ceiling(targetNs * 1e-9 * session.SampleRateHz) + 1;
        var (most, first) = (1, 0);
        for (var row = 0; row < session.BehaviourSamples.Length; row++)
        {
            while (session.BehaviourSamples[row] - session.BehaviourSamples[first] > samples) first++;
            most = Math.Max(most, row - first + 1);
        }

        return most;
    }

    private int FirstAt(long timeNs)
    {
        var (low, high) = (0, _session.BehaviourSamples.Length);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (_time.DataNs(_session.BehaviourSamples[middle]) < timeNs) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
