using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Possm;
using Realtime.Models.Scores;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>Scores weights through the live decoder, session by session: what the rig will do. One thread calls.</summary>
public sealed class TransformerScores(TrainingRecipe recipe, TrainingSessions sessions, int threads)
{
    /// <summary>Causal mean R² on the validation intervals, mean over the sessions that have a score; NaN where none has.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public double Validation(IReadOnlyList<TensorData> tensors, CancellationToken cancellation)
    {
        var scores = new double[sessions.Sessions.Count];
        using var crew = new WorkCrew(Math.Min(threads, scores.Length));
        crew.Run(scores.Length, index =>
        {
            using var file = Model(sessions.Sessions[index], tensors);
            scores[index] = Causal(file, sessions.Sessions[index], valid: true, cancellation).Scores()["all"]["mean_r2"];
        });
        return scores.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }

    /// <summary>The model beside the linear decoders and the constant predictor on the test intervals, each session apart.</summary>
    /// <param name="tensors">Of the model.</param>
    /// <param name="baselines">Whether to fit the linear decoders.</param>
    /// <param name="doing">Told what is done at the moment.</param>
    /// <param name="notes">Told why something is not in the table.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ScoreTable Test(IReadOnlyList<TensorData> tensors, bool baselines, Action<string>? doing, Action<string>? notes, CancellationToken cancellation)
    {
        var rows = new List<ScoreRow>();
        foreach (var session in sessions.Sessions)
        {
            var name = session.Session.Name;
            if (session.Session.Test.Count == 0)
            {
                notes?.Invoke($"Session '{name}' has no test interval: it is not in the table.");
                continue;
            }

            using var file = Model(session, tensors);
            doing?.Invoke($"scoring on {name}, causal");
            var causal = Causal(file, session, valid: false, cancellation);
            rows.Add(ScoreRow.Of(name, recipe.Kind, ScoreTiming.Causal, causal));
            doing?.Invoke($"scoring on {name}, offline (stitched)");
            rows.Add(ScoreRow.Of(name, recipe.Kind, ScoreTiming.OfflineStitched, Offline(file, session, cancellation)));
            if (baselines)
            {
                foreach (var kind in BaselineTrainer.Kinds)
                {
                    doing?.Invoke($"fitting {kind} to {name} for comparison");
                    rows.AddRange(BaselineScores.Fit(Trials(session.Session), Linear(kind, session, file.Config.Outputs), Trials(session.Session).Test,
                        recipe.OnePerInterval, [kind], notes, cancellation).Where(row => row.Predictor == kind));
                }
            }

            rows.Add(ScoreRow.OfConstant(name, ScoreTiming.Causal, causal));
        }

        return new ScoreTable("test", sessions.Outputs, rows);
    }

    private ModelFile Model(TrainingSession session, IReadOnlyList<TensorData> tensors) =>
        ModelFile.Parse(TransformerModel.Bytes(recipe, sessions, session, tensors, knownOnly: true), "the present weights");

    private ScoreAccumulator Causal(ModelFile file, TrainingSession session, bool valid, CancellationToken cancellation)
    {
        var recording = Trials(session.Session);
        var hop = file.Config.Kind == PossmDecoder.Kind ? file.Config.BinNs : file.Config.TargetNs;
        var decoder = ModelLoader.Create(file, new DecoderOptions { HopNs = hop });
        using var owned = decoder as IDisposable;
        var (intervals, constant) = (valid ? recording.Valid : recording.Test, file.Config.Training.TargetMean);
        return recipe.OnePerInterval
            ? TrialEvaluator.Evaluate(decoder, recording, intervals, Filter(recording), constant, cancellation)
            : SessionEvaluator.Evaluate(decoder, recording, intervals, hop, Filter(recording), constant, cancellation);
    }

    private ScoreAccumulator Offline(ModelFile file, TrainingSession session, CancellationToken cancellation)
    {
        var (recording, constant) = (Trials(session.Session), file.Config.Training.TargetMean);
        return recipe.OnePerInterval
            ? OfflineEvaluator.EvaluateTrials(file, recording, recording.Test, Filter(recording), constant, threads, cancellation)
            : OfflineEvaluator.Evaluate(file, recording, recording.Test, 0, Filter(recording), constant, threads, cancellation);
    }

    /// <summary>A second of history in bins of the target's length; Bayes reads a quarter of a second at once.</summary>
    private TrainingOptions Linear(string kind, TrainingSession session, IReadOnlyList<OutputChannel> outputs)
    {
        const double history = 1000;
        const double bayesWindow = 250;
        const int mostFeatures = 2000;
        var bin = recipe.TargetMs;
        var options = new TrainingOptions
        {
            BinMs = bin,
            Lags = (int)Math.Clamp(Math.Min(history / bin, (double)mostFeatures / session.UnitRows.Count), 1, 1000),
            Outputs = [.. outputs.Select(output => output.Name)],
            Filter = recipe.Filter,
        };
        return kind != Baselines.BayesDecoder.Kind ? options
            : options with { BinMs = Math.Max(bin, bayesWindow), Bayes = options.Bayes with { TargetMs = bin, StepMs = bin } };
    }

    private Session Trials(Session session) => recipe.OnePerInterval ? SessionTrials.Cut(session) : session;

    private BinFilter? Filter(Session session) => recipe.Filter is null ? null : BinFilter.Parse(recipe.Filter, session.Behaviour);
}
