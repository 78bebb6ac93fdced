using Realtime.Engine.Sessions;
using Realtime.Models;
using Realtime.Models.Mtm;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Training;

/// <summary>Trains MtM.</summary>
internal sealed class MtmTrainingJob(MtmRecipe recipe) : TrainingJob(recipe)
{
    private MtmTraining? _training;

    public override string ScoreWord => "validation bits per spike";

    public override TrainingOutcome Train(IReadOnlyList<Session> sessions, TrainerOptions options, TrainTransformerOptions choices, Action<string> notes, CancellationToken cancellation)
    {
        using var start = choices.Start is { } path ? ModelFile.Read(path) : null;
        _training = MtmTrainer.Train(sessions, recipe, options, choices.Live, choices.Note, notes, start, cancellation);
        return new TrainingOutcome
        {
            Kind = MtmKind.Name,
            Sessions = [.. _training.Recordings.Zip(_training.Sessions, (recording, session) => new TrainedOn(recording.Name, session.Neurons, recording.Session.Train.Sum(range => range.Length)))],
            Result = _training.Result,
            Model = _training.Model,
            Parameters = _training.Parameters,
            Recipe = _training.Recipe.ToJson(),
            Samples = "trials",
            Score = "validation co-smoothing, bits per spike",
        };
    }

    public override (ScoreTable? Scores, IReadOnlyList<MetricTable> Tables) Score(
        TrainTransformerOptions choices, Action<string> doing, Action<string> notes, CancellationToken cancellation)
    {
        var rates = MtmScores.Rates(_training!, choices.Baselines, choices.Threads, doing, notes, cancellation);
        doing("scoring behaviour");
        return (MtmScores.Behaviour(_training!, choices.Threads, notes, cancellation), [rates.ToMetrics()]);
    }
}
