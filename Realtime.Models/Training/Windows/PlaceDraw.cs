using Realtime.Engine.Numerics;

namespace Realtime.Models.Training.Windows;

/// <summary>Draws places of windows: each session by the length of its data, and in it any start, or the likelier the later. Immutable; any thread.</summary>
internal sealed class PlaceDraw
{
    private readonly IReadOnlyList<DataInterval> _intervals;
    private readonly WindowOptions _options;
    private readonly double[] _weightUpTo;
    private readonly long[] _lastStart;

    /// <param name="intervals">None shorter than the window.</param>
    /// <param name="sessions">Session of each.</param>
    /// <param name="options">Window, grid, recency.</param>
    public PlaceDraw(IReadOnlyList<DataInterval> intervals, IReadOnlyList<int> sessions, WindowOptions options)
    {
        (_intervals, _options) = (intervals, options);
        _lastStart = new long[intervals.Count];
        _weightUpTo = new double[intervals.Count];
        foreach (var session in sessions.Distinct())
        {
            var own = Enumerable.Range(0, intervals.Count).Where(i => sessions[i] == session).ToArray();
            var last = own.Max(i => intervals[i].EndNs - options.WindowNs);
            foreach (var i in own)
            {
                _lastStart[i] = last;
                _weightUpTo[i] = options.RecencySeconds > 0 ? Recent(Ago(i, Room(i))) - Recent(Ago(i, 0)) : intervals[i].LengthNs;
            }

            // NB: recency weighs within a session, not one session against another.
            var (weight, length) = (own.Sum(i => _weightUpTo[i]), own.Sum(i => intervals[i].LengthNs));
            foreach (var i in own) _weightUpTo[i] = weight > 0 ? _weightUpTo[i] * length / weight : intervals[i].LengthNs;
        }

        for (var i = 1; i < _weightUpTo.Length; i++) _weightUpTo[i] += _weightUpTo[i - 1];
    }

    /// <summary>Index of an interval, and a start in it. Two draws are taken.</summary>
    public (int Interval, long StartNs) Next(PortableRandom random)
    {
        var at = random.Uniform() * _weightUpTo[^1];
        var found = Array.BinarySearch(_weightUpTo, at);
        var index = Math.Min(found < 0 ? ~found : found + 1, _weightUpTo.Length - 1);
        var share = random.Uniform();
        var room = Room(index);
        double offset;
        if (_options.RecencySeconds > 0)
        {
            var (first, last) = (Recent(Ago(index, 0)), Recent(Ago(index, room)));
            offset = room + (PortableMath.Log(first + share * (last - first)) * _options.RecencySeconds - Ago(index, room)) * 1e9;
        }
        else offset = share * (room + 1);

        var start = Math.Clamp((long)offset, 0, room) / _options.GridNs * _options.GridNs;
        return (index, _intervals[index].StartNs + start);
    }

    private long Room(int interval) => _intervals[interval].LengthNs - _options.WindowNs;

    /// <summary>Seconds to the session's last start, below 0.</summary>
    private double Ago(int interval, long offsetNs) => (_intervals[interval].StartNs + offsetNs - _lastStart[interval]) / 1e9;

    private double Recent(double seconds) => PortableMath.Exp(Math.Max(seconds / _options.RecencySeconds, -600));
}
