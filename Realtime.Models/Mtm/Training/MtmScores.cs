using Realtime.Models.Scores;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Mtm.Training;

/// <summary>Score tables of a trained network beside its baselines. One thread calls.</summary>
public static class MtmScores
{
    /// <summary>Rates of all four tasks on the test trials, session by session.</summary>
    /// <param name="training">The training; it has weights.</param>
    /// <param name="baselines">Whether to fit mean rates and the low-rank regression as well.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="doing">Told what is done at the moment.</param>
    /// <param name="notes">Told why something is not in the table.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static MtmScoreTable Rates(
        MtmTraining training, bool baselines, int threads = 1, Action<string>? doing = null, Action<string>? notes = null, CancellationToken cancellation = default)
    {
        var rows = new List<MtmScoreRow>();
        using var evaluator = training.Evaluator(threads);
        foreach (var (index, recording) in training.Recordings.Index())
        {
            if (recording.Test.Count == 0)
            {
                notes?.Invoke($"Session '{recording.Name}' has no test trial: it is not in the table.");
                continue;
            }

            var conditions = Conditions(recording);
            var (constant, psth) = baselines ? (MtmRateBaseline.Constant(recording), MtmRateBaseline.Psth(recording)) : (null, null);
            foreach (var task in Enum.GetValues<MtmTask>())
            {
                if (task is MtmTask.InterRegion or MtmTask.IntraRegion && recording.Regions.Count < 2)
                {
                    notes?.Invoke($"Session '{recording.Name}' names fewer than two regions: {MtmScoreTable.Name(task)} is not in the table.");
                    continue;
                }

                doing?.Invoke($"scoring {MtmScoreTable.Name(task)} on {recording.Name}");
                var predicted = evaluator?.Predict(task, index, recording, recording.Test, training.Recipe.ForwardBins, cancellation);
                if (predicted is not null) Add("mtm", predicted);
                if (baselines && task is MtmTask.CoSmoothing or MtmTask.InterRegion)
                {
                    doing?.Invoke($"fitting the low-rank regression, {MtmScoreTable.Name(task)}, to {recording.Name}");
                    Add("low-rank glm", MtmLowRankGlm.Predict(task, recording, recording.Test, threads, cancellation));
                }

                if (psth is not null) Add("psth", psth.Predict(recording.Test, predicted));
                if (constant is not null) Add("mean rate", constant.Predict(recording.Test, predicted));

                void Add(string predictor, float[][] logRates) => rows.Add(new MtmScoreRow(recording.Name, predictor, task, MtmNeuronScores.Of(recording.Test, logRates, conditions)));
            }
        }

        return new MtmScoreTable("test", rows);
    }

    /// <summary>Behaviour of the test trials, causally: states under the causal prompt and a head of each session's own.</summary>
    /// <param name="training">The training; it has weights and a behaviour recipe.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="notes">Told why something is not in the table.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Null where no session has behaviour.</returns>
    public static ScoreTable? Behaviour(MtmTraining training, int threads = 1, Action<string>? notes = null, CancellationToken cancellation = default)
    {
        if (training.Recipe.Behaviour is not { } recipe) return null;
        using var evaluator = training.Evaluator(threads);
        if (evaluator is null) return null;
        var rows = new List<ScoreRow>();
        IReadOnlyList<Engine.Decoding.OutputChannel> outputs = [];
        foreach (var (index, recording) in training.Recordings.Index().Where(entry => entry.Item.Test.Count > 0))
        {
            var head = MtmBehaviourFit.Fit(recording, recipe, trials => evaluator.States(index, MtmPrompt.Causal, recording, trials, cancellation), evaluator.HiddenSize, notes);
            if (head is null) continue;
            if (outputs.Count == 0) outputs = head.Outputs;
            var behaviour = new BehaviourMeans(recording.Session, TargetSources.For(head.Outputs, recording.Session.Behaviour), (long)Math.Round(recipe.TargetMs * 1e6));
            var samples = new MtmBehaviourSamples(recording.Test, evaluator.States(index, MtmPrompt.Causal, recording, recording.Test, cancellation), evaluator.HiddenSize, behaviour, recording.BinNs, head.Bins, recipe.OnePerTrial);
            var scores = new ScoreAccumulator(head.Outputs, head.Means);
            var answer = new float[head.Outputs.Count];
            for (var place = 0; place < samples.Places.Count; place++)
            {
                var (trial, bin) = samples.Places[place];
                head.Answer(samples.States[trial], evaluator.HiddenSize, bin, answer);
                scores.Append(answer, samples.Targets[place]);
            }

            rows.Add(ScoreRow.Of(recording.Name, MtmKind.Name, ScoreTiming.Causal, scores));
            rows.Add(ScoreRow.OfConstant(recording.Name, ScoreTiming.Causal, scores));
        }

        return rows.Count == 0 ? null : new ScoreTable("test", outputs, rows);
    }

    /// <summary>Trials whose behaviour is constant and equal are of one condition; null where behaviour changes within trials or every trial is its own.</summary>
    private static int[]? Conditions(MtmRecording recording)
    {
        var session = recording.Session;
        if (session.Behaviour.Count == 0) return null;
        var behaviour = new BehaviourMeans(session, TargetSources.For(session.Behaviour, session.Behaviour), recording.BinNs);
        var words = new List<string>();
        foreach (var trial in recording.Test)
        {
            var (first, last) = (new double[behaviour.Count], new double[behaviour.Count]);
            var start = Models.Training.TrainingSet.ToNs(trial.Range.Start);
            behaviour.Mean(start + recording.BinNs, first);
            behaviour.Mean(start + trial.Bins * recording.BinNs, last);
            if (!first.SequenceEqual(last)) return null;
            words.Add(string.Join(' ', first.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture))));
        }

        var distinct = words.Distinct(StringComparer.Ordinal).ToList();
        return distinct.Count == words.Count ? null : [.. words.Select(word => distinct.IndexOf(word))];
    }
}
