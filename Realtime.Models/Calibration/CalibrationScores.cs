using Realtime.Engine.Sessions;
using Realtime.Models.Possm;
using Realtime.Models.Scores;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Calibration;

/// <summary>Causal scores on what a calibration held out, all on the same moments. One thread.</summary>
internal sealed class CalibrationScores(Session session, TrainingRecipe recipe, CancellationToken cancellation)
{
    private readonly BinFilter? _filter = recipe.Filter is null ? null : BinFilter.Parse(recipe.Filter, session.Behaviour);

    /// <summary>The live decoder of a model file.</summary>
    public ScoreAccumulator Model(byte[] model)
    {
        using var file = ModelFile.Parse(model, "the calibrated model");
        var hop = file.Config.Kind == PossmDecoder.Kind ? file.Config.BinNs : file.Config.TargetNs;
        var decoder = ModelLoader.Create(file, new DecoderOptions { HopNs = hop });
        using var owned = decoder as IDisposable;
        return Score(decoder, hop, file.Config.Training.TargetMean);
    }

    /// <summary>A linear decoder.</summary>
    public ScoreAccumulator Model(TrainedModel model) => Score(model.Decoder, 0, model.File.Config.Training.TargetMean);

    /// <summary>Ridge regression fitted to the same data, its history and penalty chosen on the last fifth of them.</summary>
    /// <exception cref="TrainingException">Nothing can be fitted.</exception>
    public TrainedModel FitWiener(IReadOnlyList<string> outputs)
    {
        // Histories of a second and less: with little data the shorter ones win.
        double[] histories = [1000, 500, 250];
        const int mostFeatures = 2000;
        var inner = Inner();
        (TrainingOptions Options, double Score)? best = null;
        foreach (var history in histories)
        {
            cancellation.ThrowIfCancellationRequested();
            var options = new TrainingOptions
            {
                BinMs = recipe.TargetMs,
                Lags = (int)Math.Clamp(Math.Min(history / recipe.TargetMs, (double)mostFeatures / session.Units.Count), 1, 1000),
                Outputs = outputs,
                Filter = recipe.Filter,
            };
            var fit = WienerTrainer.Train(inner, options, null, cancellation);
            var chosen = fit.Report.Candidates.MaxBy(candidate => double.IsNaN(candidate.ValidationScore) ? double.NegativeInfinity : candidate.ValidationScore)!;
            if (best is not { } other || chosen.ValidationScore > other.Score) best = (options with { Penalties = [chosen.Value] }, chosen.ValidationScore);
        }

        return WienerTrainer.Train(session, best!.Value.Options, null, cancellation);
    }

    private ScoreAccumulator Score(Engine.Decoding.IDecoder decoder, long stepNs, IReadOnlyList<double> constant) => recipe.OnePerInterval
        ? TrialEvaluator.Evaluate(decoder, session, session.Test, _filter, constant, cancellation)
        : SessionEvaluator.Evaluate(decoder, session, session.Test, stepNs, _filter, constant, cancellation);

    /// <summary>The used part, its last fifth made the validation interval.</summary>
    private Session Inner()
    {
        var total = session.Train.Sum(range => range.Length);
        var (train, valid, left) = (new List<TimeRange>(), new List<TimeRange>(), 0.8 * total);
        foreach (var range in session.Train)
        {
            var length = recipe.OnePerInterval && left < range.Length ? 0 : Math.Clamp(left, 0, range.Length);
            if (length > 0) train.Add(range with { End = range.Start + length });
            if (length < range.Length) valid.Add(range with { Start = range.Start + length });
            left -= range.Length;
        }

        return SessionTrials.WithSplits(session, train, valid, []);
    }
}
