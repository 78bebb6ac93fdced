using System.Globalization;
using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;
using Realtime.Engine.Sessions;
using Realtime.Models.Baselines;
using Realtime.Models.Weights;

namespace Realtime.Models.Training;

/// <summary>
/// Fits a <see cref="KalmanDecoder"/> by least squares (Wu et al. 2006, equations 3.4 and 3.5), everything about its training mean. The lag
/// between counts and targets is chosen on the validation interval.
/// </summary>
public static class KalmanTrainer
{
    /// <inheritdoc cref="WienerTrainer.Train"/>
    public static TrainedModel Train(Session session, TrainingOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var set = new TrainingSet(session, options);
        var states = set.Targets.Count * (options.Kalman.Derivatives ? 2 : 1);
        if (states > KalmanDecoder.MaxState)
            throw new TrainingException($"{states} states are more than the Kalman filter takes ({KalmanDecoder.MaxState}). Choose " +
            "fewer outputs.");
        if (session.Valid.Count == 0 && options.Kalman.LagBins.Count > 1)
            throw new TrainingException("There is no validation interval to choose the Kalman filter's lag by. Give one lag, or name a " +
                "validation interval.");
        var intervals = set.Bin(session.Train, options.BinNs, cancellation);
        progress?.Report(0.2);
        var candidates = new List<Candidate>();
        (AssembledModel Model, KalmanFit Fit)? best = null;
        foreach (var lag in options.Kalman.LagBins)
        {
            cancellation.ThrowIfCancellationRequested();
            var fit = KalmanFit.From(intervals, set.Units, set.Targets.Count, lag, options.Kalman.Derivatives);
            var model = Build(set, fit, lag, double.NaN);
            var score = SessionEvaluator.Evaluate(model.Decoder, session, session.Valid, 0, set.Filter, null, cancellation)
                .Scores()["all"]["mean_r2"];
            candidates.Add(new Candidate("lag_bins", lag, score));
            if (ModelAssembly.Best(candidates) == candidates.Count - 1)
                best = (Build(set, fit, lag, score), fit);

            progress?.Report(0.2 + 0.7 * candidates.Count / options.Kalman.LagBins.Count);
        }

        var (chosen, chosenFit) = best!.Value;
        var notes = new List<string>();
        if (chosenFit.SilentUnits.Count > 0) notes.Add(ModelAssembly.SilentNote(set, chosenFit.SilentUnits));
        if (chosenFit.Loading > 0)
        {
            var loading = chosenFit.Loading.ToString("G3", CultureInfo.InvariantCulture);
            notes.Add("The units' noise covariance was singular (copies among the units, or fewer bins than units); " +
                $"{loading} was added to its diagonal.");
        }

        var trained = ModelAssembly.Finish(set, chosen, options.BinNs, chosenFit.Rows, candidates, notes, cancellation);
        progress?.Report(1);
        return trained;
    }

    private static AssembledModel Build(TrainingSet set, KalmanFit fit, int lag, double score)
    {
        var (size, units) = (fit.StateMean.Length, set.Units);
        var config = ModelAssembly.Config(set, KalmanDecoder.Kind, set.Options.BinNs, lag + 1, set.Options.BinNs,
            fit.StateMean[..set.Targets.Count], null, score,
            new JsonObject { ["lag_bins"] = lag, ["derivatives"] = set.Options.Kalman.Derivatives });
        return ModelAssembly.Build(config,
        [
            TensorData.Of("transition", RowMajor(fit.Transition), size, size),
            TensorData.Of("transition_noise", RowMajor(fit.TransitionNoise), size, size),
            TensorData.Of("projection", RowMajor(fit.Projection), size, units),
            TensorData.Of("information", RowMajor(fit.Information), size, size),
            TensorData.Of("initial_covariance", RowMajor(fit.Covariance), size, size),
            TensorData.Of("state_mean", fit.StateMean, size),
            TensorData.Of("count_mean", fit.CountMean, units),
        ]);
    }

    private static double[] RowMajor(Matrix<double> matrix) => matrix.ToRowMajorArray();
}
