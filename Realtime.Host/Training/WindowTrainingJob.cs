using Realtime.Engine.Sessions;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Training;

/// <summary>Trains POYO and POSSM.</summary>
internal sealed class WindowTrainingJob(TrainingRecipe recipe) : TrainingJob(recipe)
{
    private TransformerTraining? _training;

    public override TrainingOutcome Train(IReadOnlyList<Session> sessions, TrainerOptions options, TrainTransformerOptions choices, Action<string> notes, CancellationToken cancellation)
    {
        _training = TransformerTrainer.Train(sessions, recipe, options, choices.Live, choices.Note, notes, cancellation);
        return _training.Outcome;
    }

    public override (ScoreTable? Scores, IReadOnlyList<MetricTable> Tables) Score(
        TrainTransformerOptions choices, Action<string> doing, Action<string> notes, CancellationToken cancellation) =>
        (new TransformerScores(recipe, _training!.Sessions, choices.Threads).Test(_training.Result.Tensors!, choices.Baselines, doing, notes, cancellation), []);
}
