using Realtime.Engine.Sessions;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;

namespace Realtime.Host.Training;

/// <summary>The part of a training that depends on the kind of network. One thread.</summary>
/// <param name="recipe">How.</param>
internal abstract class TrainingJob(ITrainingRecipe recipe)
{
    public ITrainingRecipe Recipe => recipe;

    /// <summary>The job of a recipe.</summary>
    public static TrainingJob Of(ITrainingRecipe recipe) => recipe switch
    {
        TrainingRecipe windows => new WindowTrainingJob(windows),
        MtmRecipe mtm => new MtmTrainingJob(mtm),
        NeuroformerRecipe neuroformer => new NeuroformerTrainingJob(neuroformer),
        _ => throw new ArgumentException($"There is no training of {recipe.Kind}.", nameof(recipe)),
    };

    /// <summary>What the validation score is called in a line of progress, such as "causal validation R2".</summary>
    public virtual string ScoreWord => "causal validation R2";

    /// <summary>Trains.</summary>
    /// <param name="sessions">One or more.</param>
    /// <param name="options">Threads, checkpoint, progress.</param>
    /// <param name="choices">What else the command line says.</param>
    /// <param name="notes">Told what the user should read.</param>
    /// <param name="cancellation">Stops it at the next step.</param>
    public abstract TrainingOutcome Train(IReadOnlyList<Session> sessions, TrainerOptions options, TrainTransformerOptions choices, Action<string> notes, CancellationToken cancellation);

    /// <summary>Scores what <see cref="Train"/> gave on the test intervals.</summary>
    /// <param name="choices">Threads, baselines.</param>
    /// <param name="doing">Told what is done at the moment.</param>
    /// <param name="notes">Told why something is not in the tables.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>R² and the like, where behaviour was decoded; and tables of other figures.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public abstract (ScoreTable? Scores, IReadOnlyList<MetricTable> Tables) Score(
        TrainTransformerOptions choices, Action<string> doing, Action<string> notes, CancellationToken cancellation);
}
