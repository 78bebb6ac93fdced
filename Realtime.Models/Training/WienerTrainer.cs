using MathNet.Numerics.LinearAlgebra;
using Realtime.Engine.Sessions;
using Realtime.Models.Baselines;
using Realtime.Models.Scores;
using Realtime.Models.Weights;

namespace Realtime.Models.Training;

/// <summary>
/// Fits a <see cref="WienerDecoder"/> by ridge regression: counts in bins laid from each interval's start, z-scored; targets centred;
/// penalty chosen by mean R² on the validation interval; fitted on the training interval only. See docs/baselines.md.
/// </summary>
public static class WienerTrainer
{
    private const int RowsBetweenChecks = 256;

    /// <param name="session">The session; needs training intervals, and validation intervals when there are several penalties.</param>
    /// <param name="options">Bin, lags, outputs, filter, penalties.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancellation">Stops the fit between rows and between penalties.</param>
    /// <exception cref="TrainingException">The session and the options do not allow a fit; the message says what to change.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainedModel Train(Session session, TrainingOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var set = new TrainingSet(session, options);
        var features = (long)set.Units * options.Lags;
        if (features > FeatureMoments.MaxFeatures)
            throw new TrainingException($"{set.Units} units × {options.Lags} lags are {features} features; at most " +
                $"{FeatureMoments.MaxFeatures} can be fitted. Use fewer lags or units.");
        var train = Rows.From(set, session.Train, cancellation);
        var valid = Rows.From(set, session.Valid, cancellation);
        if (train.Count < 2)
            throw new TrainingException($"The training interval holds {train.Count} usable bins of {options.BinMs} ms with " +
                $"{options.Lags} lags; a fit needs 2 at the very least. " +
                "Use shorter bins, fewer lags, a wider filter, or a longer interval.");
        if (valid.Count == 0 && options.Penalties.Count > 1)
            throw new TrainingException("There is no usable bin in the validation interval to choose the penalty by. Give one penalty, " +
                "or name a validation interval.");

        var moments = new FeatureMoments((int)features, set.Targets.Count);
        train.ForEach((row, targets) => moments.Add(row, targets), cancellation, share => progress?.Report(0.4 * share));
        var (gram, cross) = (moments.StandardGram(), moments.StandardCross());
        var (mean, deviation, bias) = (moments.Mean, moments.Deviation, moments.TargetMean);
        var candidates = new List<Candidate>();
        Matrix<double>? best = null;
        foreach (var penalty in options.Penalties)
        {
            cancellation.ThrowIfCancellationRequested();
            var weights = RidgeSolver.Solve(gram, cross, penalty);
            candidates.Add(new Candidate("penalty", penalty, Score(valid, weights, mean, deviation, bias, cancellation)));
            if (ModelAssembly.Best(candidates) == candidates.Count - 1) best = weights;
            progress?.Report(0.4 + 0.5 * candidates.Count / options.Penalties.Count);
        }

        var chosen = candidates[ModelAssembly.Best(candidates)];
        var config = ModelAssembly.Config(set, WienerDecoder.Kind, options.BinNs, options.Lags, options.BinNs, bias, chosen.Value,
            chosen.ValidationScore, null);
        long[] shape = [options.Lags, set.Units];
        var model = ModelAssembly.Build(config,
        [
            TensorData.Of("weight", best!.ToColumnMajorArray(), [bias.Length, .. shape]),
            TensorData.Of("bias", bias, bias.Length),
            TensorData.Of("feature_mean", mean, shape),
            TensorData.Of("feature_sd", deviation, shape),
        ]);
        var silent = Enumerable.Range(0, set.Units)
            .Where(unit => Enumerable.Range(0, options.Lags).All(lag => moments.IsConstant(lag * set.Units + unit))).ToArray();
        var trained = ModelAssembly.Finish(set, model, options.BinNs, train.Count, candidates, silent.Length == 0 ? []
            : [ModelAssembly.SilentNote(set, silent)], cancellation);
        progress?.Report(1);
        return trained;
    }

    /// <summary>Mean R² over the outputs whose target varies; NaN where none does.</summary>
    private static double Score(Rows rows, Matrix<double> weights, double[] mean, double[] deviation, double[] bias,
        CancellationToken cancellation)
    {
        if (rows.Count == 0) return double.NaN;
        var folded = weights.MapIndexed((feature, _, weight) => weight / deviation[feature]);
        var constant = bias.Select((value, output) => value - folded.Column(output).DotProduct(Vector<double>.Build.Dense(mean))).ToArray();
        var columns = folded.ToColumnMajorArray();
        var predictions = new double[bias.Length][];
        var targets = new double[bias.Length][];
        for (var output = 0; output < bias.Length; output++)
            (predictions[output], targets[output]) = (new double[rows.Count], new double[rows.Count]);
        var at = 0;
        rows.ForEach((row, truth) =>
        {
            for (var output = 0; output < bias.Length; output++)
            {
                var sum = constant[output];
                var column = columns.AsSpan(output * row.Length, row.Length);
                for (var i = 0; i < row.Length; i++) sum += row[i] * column[i];
                predictions[output][at] = sum;
                targets[output][at] = truth[output];
            }

            at++;
        }, cancellation, null);
        var scores = predictions.Zip(targets, (p, t) => Metrics.R2(p, t)).Where(score => !double.IsNaN(score)).ToArray();
        return scores.Length == 0 ? double.NaN : scores.Sum() / scores.Length;
    }

    /// <summary>Usable bins whose whole history lies in their interval.</summary>
    private sealed class Rows
    {
        private readonly List<BinnedInterval> _intervals;
        private readonly int _units;
        private readonly int _lags;
        private readonly int _outputs;

        private Rows(List<BinnedInterval> intervals, int units, int lags, int outputs)
        {
            (_intervals, _units, _lags, _outputs) = (intervals, units, lags, outputs);
            foreach (var interval in intervals)
                for (var bin = lags - 1; bin < interval.Bins; bin++) Count += interval.Usable[bin] ? 1 : 0;
        }

        public delegate void Visit(ReadOnlySpan<float> features, ReadOnlySpan<double> targets);

        public int Count { get; }

        public static Rows From(TrainingSet set, IEnumerable<TimeRange> ranges, CancellationToken cancellation) =>
            new(set.Bin(ranges, set.Options.BinNs, cancellation), set.Units, set.Options.Lags, set.Targets.Count);

        public void ForEach(Visit visit, CancellationToken cancellation, Action<double>? progress)
        {
            var row = new float[_lags * _units];
            var done = 0;
            foreach (var interval in _intervals)
            {
                for (var bin = _lags - 1; bin < interval.Bins; bin++)
                {
                    if (!interval.Usable[bin]) continue;
                    for (var lag = 0; lag < _lags; lag++)
                        interval.Counts.AsSpan((bin - lag) * _units, _units).CopyTo(row.AsSpan(lag * _units));
                    visit(row, interval.Targets.AsSpan(bin * _outputs, _outputs));
                    if (++done % RowsBetweenChecks != 0) continue;
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Invoke((double)done / Count);
                }
            }
        }
    }
}
