using Realtime.Engine.Numerics;

namespace Realtime.Models.Training.Windows;

/// <summary>
/// Moments of a session's training intervals with like behaviour, for augmentation: what a unit fired at one of them it might have fired at
/// another. Bins of one query step are laid from each interval's start. Immutable; any thread.
/// </summary>
internal sealed class DonorTable
{
    /// <summary>The place itself, or one of the other seven ways to mirror and turn a square onto itself.</summary>
    public const int Symmetries = 8;

    private readonly TrainingSession _session;
    private readonly long _stepNs;
    private readonly int _nearest;
    private readonly int[] _outputs;
    private readonly double[] _scale;
    private readonly double[] _centre;
    private readonly long[] _starts;
    private readonly float[] _places;
    private readonly int[][] _donors;

    /// <param name="session">The session.</param>
    /// <param name="intervals">Where donors may come from: what is trained on.</param>
    /// <param name="options">Step, number of neighbours, whether mirrored places are looked for as well.</param>
    /// <exception cref="TrainingException">Mirroring is asked for, and the session does not know exactly two outputs of one unit.</exception>
    public DonorTable(TrainingSession session, IReadOnlyList<DataInterval> intervals, WindowOptions options)
    {
        (_session, _stepNs, _nearest) = (session, options.QueryStepNs, options.DonorNeighbours);
        _outputs = [.. Enumerable.Range(0, session.Knows.Count).Where(output => session.Knows[output])];
        if (options.MirrorShare > 0 && _outputs.Length != 2)
            throw new TrainingException($"mirror_share turns a plane: session '{session.Session.Name}' must know exactly two outputs, its position, and knows {_outputs.Length}. Name the two, or leave mirror_share out.");

        // NB: one scale for both axes of a plane, so that turning it keeps distances.
        var common = _outputs.Average(output => session.OutputSd[output]);
        _scale = [.. _outputs.Select(output => options.MirrorShare > 0 ? common : session.OutputSd[output])];
        (_starts, _places) = Bins(intervals);
        var range = Enumerable.Range(0, _outputs.Length).Select(axis => _starts.Select((_, bin) => _places[bin * _outputs.Length + axis]).ToArray()).ToArray();
        _centre = [.. range.Select(values => values.Length == 0 ? 0 : (values.Max() + (double)values.Min()) / 2)];
        _donors = new int[options.MirrorShare > 0 ? Symmetries : 1][];
        Parallel.For(0, _donors.Length, symmetry => _donors[symmetry] = Neighbours(symmetry));
    }

    /// <summary>The bin a moment lies in, or -1 where the behaviour is not known.</summary>
    public int BinAt(long timeNs)
    {
        var found = Array.BinarySearch(_starts, timeNs);
        var bin = found >= 0 ? found : ~found - 1;
        return bin >= 0 && timeNs < _starts[bin] + _stepNs ? bin : -1;
    }

    /// <summary>Start of a bin, drawn from those whose behaviour is nearest to that of a bin, seen in a mirror.</summary>
    public long Draw(int bin, int symmetry, PortableRandom random)
    {
        var donors = _donors[symmetry];
        var count = donors.Length / _starts.Length;
        return _starts[donors[bin * count + random.Below(count)]];
    }

    /// <summary>Mirrors means of all outputs, in the session's own units.</summary>
    public void Mirror(int symmetry, Span<double> means)
    {
        Span<double> place = [means[_outputs[0]] / _scale[0], means[_outputs[1]] / _scale[1]];
        Mirror(symmetry, place, place);
        for (var axis = 0; axis < 2; axis++) means[_outputs[axis]] = place[axis] * _scale[axis];
    }

    private void Mirror(int symmetry, ReadOnlySpan<double> place, Span<double> mirrored)
    {
        var (x, y) = (place[0] - _centre[0], place[1] - _centre[1]);
        if ((symmetry & 1) != 0) x = -x;
        if ((symmetry & 2) != 0) y = -y;
        if ((symmetry & 4) != 0) (x, y) = (y, x);
        (mirrored[0], mirrored[1]) = (x + _centre[0], y + _centre[1]);
    }

    private (long[] Starts, float[] Places) Bins(IReadOnlyList<DataInterval> intervals)
    {
        var (starts, places) = (new List<long>(), new List<float>());
        Span<double> means = stackalloc double[_session.Knows.Count];
        foreach (var interval in intervals)
        {
            for (var start = interval.StartNs; start + _stepNs <= interval.EndNs; start += _stepNs)
            {
                // What the filter leaves out has a behaviour all the same.
                _ = _session.Targets(start + _stepNs, interval.StartNs, means);
                var isKnown = true;
                foreach (var output in _outputs) isKnown &= double.IsFinite(means[output]);
                if (!isKnown) continue;
                starts.Add(start);
                for (var axis = 0; axis < _outputs.Length; axis++) places.Add((float)(means[_outputs[axis]] / _scale[axis]));
            }
        }

        return ([.. starts], [.. places]);
    }

    /// <summary>[bins, neighbours] the nearest bins, the bin itself among them where it is not mirrored.</summary>
    private int[] Neighbours(int symmetry)
    {
        var (bins, axes) = (_starts.Length, _outputs.Length);
        var count = Math.Min(_nearest, bins);
        var neighbours = new int[checked(bins * count)];
        Parallel.For(0, bins, bin =>
        {
            Span<double> place = stackalloc double[axes];
            for (var axis = 0; axis < axes; axis++) place[axis] = _places[bin * axes + axis];
            if (symmetry > 0) Mirror(symmetry, place, place);
            var nearest = new PriorityQueue<int, (double, int)>(count + 1);
            for (var other = 0; other < bins; other++)
            {
                double distance = 0;
                for (var axis = 0; axis < axes; axis++)
                {
                    var difference = place[axis] - _places[other * axes + axis];
                    distance += difference * difference;
                }

                // The farthest comes first; of equals the later one.
                if (nearest.Count < count) nearest.Enqueue(other, (-distance, -other));
                else if (nearest.TryPeek(out _, out var farthest) && -distance > farthest.Item1) nearest.EnqueueDequeue(other, (-distance, -other));
            }

            for (var i = count - 1; i >= 0; i--) neighbours[bin * count + i] = nearest.Dequeue();
        });
        return neighbours;
    }
}
