using Realtime.Engine.Decoding;
using Realtime.Models.Scores;

namespace Realtime.Models.Training;

/// <summary>The cells of the Bayes decoder: around a circle (outputs cos_A, sin_A), along a line (one output), or in a plane (two
/// outputs).</summary>
internal sealed class BayesGrid
{
    private readonly BayesAxis[] _axes;
    private readonly bool _isCircle;

    private BayesGrid(BayesAxis[] axes, bool isCircle) => (_axes, _isCircle) = (axes, isCircle);

    public int Cells => _axes.Aggregate(1, (product, axis) => product * axis.Cells);

    public IReadOnlyList<BayesAxis> Axes => _axes;

    /// <exception cref="TrainingException">The outputs fit none of the three, or one never moves.</exception>
    public static BayesGrid For(IReadOnlyList<OutputChannel> outputs, IEnumerable<BinnedInterval> training, int? cells)
    {
        if (outputs.Count == 2 && JointTarget.Find(outputs) is [{ IsAngle: true, First: 0 }])
            return new BayesGrid([BayesAxis.Circle(cells ?? 60)], true);
        if (outputs.Count > 2)
        {
            throw new TrainingException($"The Bayes decoder answers an angle (its cosine and sine), one quantity, or two; the outputs " +
                $"are {string.Join(", ", outputs.Select(o => o.Name))}. " +
                "Name the outputs you want.");
        }

        var axes = new BayesAxis[outputs.Count];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var interval in training)
            {
                for (var bin = 0; bin < interval.Bins; bin++)
                {
                    if (!interval.Usable[bin]) continue;
                    low = Math.Min(low, interval.Targets[bin * outputs.Count + axis]);
                    high = Math.Max(high, interval.Targets[bin * outputs.Count + axis]);
                }
            }

            if (!(high > low)) throw new TrainingException($"'{outputs[axis].Name}' does not move in the usable training bins: there is " +
                "nothing to decode.");
            axes[axis] = new BayesAxis(false, low, high, cells ?? (outputs.Count == 1 ? 40 : 24));
        }

        return new BayesGrid(axes, false);
    }

    public int Cell(ReadOnlySpan<double> targets)
    {
        if (_isCircle) return _axes[0].Cell(Math.Atan2(targets[1], targets[0]));
        var cell = 0;
        for (var axis = 0; axis < _axes.Length; axis++) cell = cell * _axes[axis].Cells + _axes[axis].Cell(targets[axis]);
        return cell;
    }

    /// <summary>The outputs' values in the middle of a cell.</summary>
    public double[] Value(int cell)
    {
        if (_isCircle) return [Math.Cos(_axes[0].Centre(cell)), Math.Sin(_axes[0].Centre(cell))];
        return _axes.Length == 1 ? [_axes[0].Centre(cell)]
            : [_axes[0].Centre(cell / _axes[1].Cells), _axes[1].Centre(cell % _axes[1].Cells)];
    }

    /// <summary>A map over the cells, smoothed along each axis in turn.</summary>
    public double[] Smooth(double[] map, double sigmaCells)
    {
        var stride = 1;
        for (var axis = _axes.Length - 1; axis >= 0; axis--)
        {
            var weights = _axes[axis].Smoothing(sigmaCells);
            var cells = _axes[axis].Cells;
            var smoothed = new double[map.Length];
            for (var index = 0; index < map.Length; index++)
            {
                var to = index / stride % cells;
                var start = index - to * stride;
                for (var from = 0; from < cells; from++) smoothed[index] += weights[to, from] * map[start + from * stride];
            }

            map = smoothed;
            stride *= cells;
        }

        return map;
    }
}
