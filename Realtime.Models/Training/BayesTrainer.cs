using System.Text.Json.Nodes;
using Realtime.Engine.Sessions;
using Realtime.Models.Baselines;
using Realtime.Models.Weights;

namespace Realtime.Models.Training;

/// <summary>
/// Fits a <see cref="BayesDecoder"/>: each unit's tuning curve is its spikes per cell over the time spent there, both smoothed by the same
/// Gaussian before they are divided. Cells never visited in training are left out.
/// </summary>
public static class BayesTrainer
{
    /// <inheritdoc cref="WienerTrainer.Train"/>
    public static TrainedModel Train(Session session, TrainingOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var set = new TrainingSet(session, options);
        var tuningNs = TrainingOptions.ToNs(options.Bayes.TuningBinMs);
        var intervals = set.Bin(session.Train, tuningNs, cancellation);
        progress?.Report(0.3);
        var outputs = set.Targets.Count;
        var bins = intervals.Sum(interval => interval.Usable.Count(usable => usable));
        if (bins < 2)
            throw new TrainingException($"The training interval holds {bins} usable bins of {options.Bayes.TuningBinMs} ms; tuning " +
                "curves need more. Use a wider filter or a longer interval.");
        var grid = BayesGrid.For(set.Outputs, intervals, options.Bayes.Cells);
        var (seconds, spikes, mean) = Tally(set, grid, intervals, tuningNs * 1e-9, cancellation);
        progress?.Report(0.5);

        var visited = Enumerable.Range(0, grid.Cells).Where(cell => seconds[cell] > 0).ToArray();
        var (logRate, rateSum) = (new double[set.Units * visited.Length], new double[visited.Length]);
        var time = grid.Smooth(seconds, options.Bayes.SmoothingCells);
        for (var unit = 0; unit < set.Units; unit++)
        {
            cancellation.ThrowIfCancellationRequested();
            var smoothed = grid.Smooth(spikes[unit], options.Bayes.SmoothingCells);
            for (var i = 0; i < visited.Length; i++)
            {
                var rate = Math.Max(smoothed[visited[i]] / time[visited[i]], options.Bayes.MinimumRateHz);
                logRate[unit * visited.Length + i] = Math.Log(rate);
                rateSum[i] += rate;
            }
        }

        var total = seconds.Sum();
        var prior = visited.Select(cell => options.Bayes.Prior == BayesPrior.Flat ? -Math.Log(visited.Length)
            : Math.Log(seconds[cell] / total)).ToArray();
        var values = visited.SelectMany(grid.Value).ToArray();
        var stepNs = TrainingOptions.ToNs(options.Bayes.StepMs ?? options.Bayes.TargetMs ?? options.BinMs);
        var model = Build(double.NaN);
        var score = SessionEvaluator.Evaluate(model.Decoder, session, session.Valid, stepNs, set.Filter, null, cancellation)
            .Scores()["all"]["mean_r2"];
        model = Build(score);
        progress?.Report(0.8);
        var silent = Enumerable.Range(0, set.Units).Where(unit => spikes[unit].Sum() == 0).ToArray();
        var trained = ModelAssembly.Finish(set, model, stepNs, bins, [], silent.Length == 0 ? []
            : [ModelAssembly.SilentNote(set, silent)], cancellation);
        progress?.Report(1);
        return trained;

        AssembledModel Build(double validation)
        {
            var axes = new JsonArray([.. grid.Axes.Select(axis =>
                new JsonObject { ["circle"] = axis.IsCircle, ["low"] = axis.Low, ["high"] = axis.High, ["cells"] = axis.Cells })]);
            var settings = new JsonObject
            {
                ["axes"] = axes,
                ["smoothing_cells"] = options.Bayes.SmoothingCells,
                ["prior"] = options.Bayes.Prior == BayesPrior.Flat ? "flat" : "occupancy",
                ["minimum_rate_hz"] = options.Bayes.MinimumRateHz,
            };
            var config = ModelAssembly.Config(set, BayesDecoder.Kind, options.BinNs, 1,
                TrainingOptions.ToNs(options.Bayes.TargetMs ?? options.BinMs), mean, null, validation, settings);
            return ModelAssembly.Build(config,
            [
                TensorData.Of("log_rate", logRate, set.Units, visited.Length),
                TensorData.Of("rate_sum", rateSum, visited.Length),
                TensorData.Of("log_prior", prior, visited.Length),
                TensorData.Of("value", values, visited.Length, outputs),
            ]);
        }
    }

    private static (double[] Seconds, double[][] Spikes, double[] Mean) Tally(TrainingSet set, BayesGrid grid,
        List<BinnedInterval> intervals, double binSeconds,
        CancellationToken cancellation)
    {
        var outputs = set.Targets.Count;
        var seconds = new double[grid.Cells];
        var spikes = Enumerable.Range(0, set.Units).Select(_ => new double[grid.Cells]).ToArray();
        var mean = new double[outputs];
        var bins = 0;
        foreach (var interval in intervals)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var bin = 0; bin < interval.Bins; bin++)
            {
                if (!interval.Usable[bin]) continue;
                var targets = interval.Targets.AsSpan(bin * outputs, outputs);
                var cell = grid.Cell(targets);
                seconds[cell] += binSeconds;
                for (var unit = 0; unit < set.Units; unit++) spikes[unit][cell] += interval.Counts[bin * set.Units + unit];
                for (var output = 0; output < outputs; output++) mean[output] += targets[output];
                bins++;
            }
        }

        return (seconds, spikes, Array.ConvertAll(mean, sum => sum / bins));
    }
}
