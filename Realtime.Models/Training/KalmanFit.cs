using MathNet.Numerics.LinearAlgebra;

namespace Realtime.Models.Training;

/// <summary>The matrices of a Kalman filter, fitted by least squares: A and W over pairs of neighbouring bins, H and Q over bins (W over M
/// - 1, Q over M).</summary>
internal sealed class KalmanFit
{
    public required Matrix<double> Transition { get; init; }

    public required Matrix<double> TransitionNoise { get; init; }

    /// <summary>Hᵀ Q⁻¹, [S, units]; zero for silent units.</summary>
    public required Matrix<double> Projection { get; init; }

    /// <summary>Hᵀ Q⁻¹ H, [S, S].</summary>
    public required Matrix<double> Information { get; init; }

    /// <summary>Covariance of the state over the training bins: where the filter begins.</summary>
    public required Matrix<double> Covariance { get; init; }

    public required double[] StateMean { get; init; }

    public required double[] CountMean { get; init; }

    public required IReadOnlyList<int> SilentUnits { get; init; }

    /// <summary>What had to be added to Q's diagonal to invert it; 0 as a rule.</summary>
    public required double Loading { get; init; }

    public required int Rows { get; init; }

    /// <exception cref="TrainingException">Too few bins, or states that are constant or copies of others.</exception>
    public static KalmanFit From(IReadOnlyList<BinnedInterval> intervals, int units, int outputs, int lag, bool derivatives)
    {
        var rows = new List<(double[] State, float[] Counts, bool FollowsLast)>();
        foreach (var interval in intervals)
        {
            var last = -2;
            for (var bin = Math.Max(lag, derivatives ? 1 : 0); bin < interval.Bins; bin++)
            {
                if (!interval.Usable[bin] || (derivatives && !interval.Usable[bin - 1])) continue;
                rows.Add((State(interval, bin, outputs, derivatives), interval.Counts.AsSpan((bin - lag) * units, units).ToArray(),
                    last == bin - 1));
                last = bin;
            }
        }

        var size = outputs * (derivatives ? 2 : 1);
        if (rows.Count(row => row.FollowsLast) < 2 * size)
            throw new TrainingException($"The training interval holds {rows.Count} usable bins, too few for a Kalman filter of {size} " +
                "states. Use shorter bins or a longer interval.");
        var (stateMean, countMean) = (new double[size], new double[units]);
        foreach (var row in rows)
        {
            for (var i = 0; i < size; i++) stateMean[i] += row.State[i];
            for (var i = 0; i < units; i++) countMean[i] += row.Counts[i];
        }

        for (var i = 0; i < size; i++) stateMean[i] /= rows.Count;
        for (var i = 0; i < units; i++) countMean[i] /= rows.Count;
        for (var i = 0; i < size; i++)
            if (rows.TrueForAll(row => row.State[i] == rows[0].State[i])) throw DoesNotMove(null);
        var active = Enumerable.Range(0, units).Where(unit => rows.Exists(row => row.Counts[unit] != rows[0].Counts[unit])).ToArray();
        if (active.Length == 0)
            throw new TrainingException("No unit changes its count in the training bins: there is nothing to decode from.");

        var x = Matrix<double>.Build.Dense(size, rows.Count, (i, t) => rows[t].State[i] - stateMean[i]);
        var z = Matrix<double>.Build.Dense(active.Length, rows.Count, (i, t) => rows[t].Counts[active[i]] - countMean[active[i]]);
        var later = Enumerable.Range(0, rows.Count).Where(t => rows[t].FollowsLast).ToArray();
        var x1 = Matrix<double>.Build.Dense(size, later.Length, (i, t) => x[i, later[t] - 1]);
        var x2 = Matrix<double>.Build.Dense(size, later.Length, (i, t) => x[i, later[t]]);

        var transition = Regress(x2, x1);
        var step = x2 - transition * x1;
        var observation = Regress(z, x);
        var rest = z - observation * x;
        var noise = rest.TransposeAndMultiply(rest) / rows.Count;
        var (inverseTimesH, loading) = SolveLoaded(noise, observation);
        var projection = Matrix<double>.Build.Dense(size, units);
        for (var i = 0; i < active.Length; i++) projection.SetColumn(active[i], inverseTimesH.Row(i));
        return new KalmanFit
        {
            Transition = transition,
            TransitionNoise = step.TransposeAndMultiply(step) / (later.Length - 1),
            Projection = projection,
            Information = inverseTimesH.TransposeThisAndMultiply(observation),
            Covariance = x.TransposeAndMultiply(x) / rows.Count,
            StateMean = stateMean,
            CountMean = countMean,
            SilentUnits = Enumerable.Range(0, units).Except(active).ToArray(),
            Loading = loading,
            Rows = rows.Count,
        };
    }

    private static double[] State(BinnedInterval interval, int bin, int outputs, bool derivatives)
    {
        var state = new double[derivatives ? 2 * outputs : outputs];
        for (var output = 0; output < outputs; output++)
        {
            state[output] = interval.Targets[bin * outputs + output];
            if (derivatives) state[outputs + output] = state[output] - interval.Targets[(bin - 1) * outputs + output];
        }

        return state;
    }

    /// <summary>B with y ≈ B x in the least squares: B = y xᵀ (x xᵀ)⁻¹.</summary>
    private static Matrix<double> Regress(Matrix<double> y, Matrix<double> x)
    {
        try
        {
            // Scaled to unit variance, so that the test for singularity does not depend on the outputs' units.
            var gram = x.TransposeAndMultiply(x);
            var scale = gram.Diagonal().Map(value => value > 0 ? 1 / Math.Sqrt(value) : 1);
            var scaled = gram.MapIndexed((i, j, value) => value * scale[i] * scale[j]);
            var cross = x.TransposeAndMultiply(y).MapIndexed((i, _, value) => value * scale[i]);
            return RidgeSolver.Solve(scaled, cross, 0).MapIndexed((i, _, value) => value * scale[i]).Transpose();
        }
        catch (TrainingException error)
        {
            throw DoesNotMove(error);
        }
    }

    private static TrainingException DoesNotMove(Exception? inner) =>
        new("The Kalman filter's outputs do not move, or one follows from the others, in the training bins. Leave some out by naming " +
            "the outputs.", inner);

    /// <summary>Q⁻¹ H; where Q is singular a growing share of its mean diagonal is added until it is not.</summary>
    private static (Matrix<double> Solution, double Loading) SolveLoaded(Matrix<double> noise, Matrix<double> observation)
    {
        var scale = noise.Diagonal().Sum() / noise.RowCount;
        for (var share = 0.0; ; share = share == 0 ? 1e-6 : share * 10)
        {
            try
            {
                return (RidgeSolver.Solve(noise, observation, share * scale), share * scale);
            }
            catch (TrainingException) when (share < 1)
            {
                // The next share is tried.
            }
        }
    }
}
