using Realtime.Engine.Sessions;
using Realtime.Models;
using Realtime.Models.Neuroformer;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;

namespace Realtime.Host.Training;

/// <summary>Trains Neuroformers.</summary>
internal sealed class NeuroformerTrainingJob(NeuroformerRecipe recipe) : TrainingJob(recipe)
{
    private NeuroformerTraining? _training;

    private bool IsPretraining => recipe.Phase == NeuroformerPhase.Pretrain;

    public override string ScoreWord => IsPretraining ? "minus the validation loss of spikes" : base.ScoreWord;

    public override TrainingOutcome Train(IReadOnlyList<Session> sessions, TrainerOptions options, TrainTransformerOptions choices, Action<string> notes, CancellationToken cancellation)
    {
        using var start = choices.Start is { } path ? ModelFile.Read(path) : null;
        _training = NeuroformerTrainer.Train(sessions, recipe, options, start, choices.Live, choices.Note, notes, cancellation);
        return new TrainingOutcome
        {
            Kind = NeuroformerKind.Name,
            Sessions = [.. _training.Sessions.Sessions.Sessions.Select(session => new TrainedOn(session.Session.Name, session.UnitRows.Count, session.Session.Train.Sum(range => range.Length)))],
            Result = _training.Result,
            Model = _training.Model,
            Parameters = _training.Parameters,
            Recipe = recipe.ToJson(),
            Samples = FormattableString.Invariant($"windows of {_training.Sessions.Config.WindowCurr + _training.Sessions.Config.WindowPrev:0.###} s"),
            Score = IsPretraining ? "minus the validation loss of spikes (id + dt, nats per token)" : "causal validation R²",
        };
    }

    public override (ScoreTable? Scores, IReadOnlyList<MetricTable> Tables) Score(
        TrainTransformerOptions choices, Action<string> doing, Action<string> notes, CancellationToken cancellation)
    {
        var scores = new NeuroformerScores(_training!.Sessions, choices.Threads);
        var tensors = _training.Result.Tensors!;
        IReadOnlyList<MetricTable> tables =
        [
            .. recipe.Loss is { Id: 0, Dt: 0 } ? [] : (MetricTable[])[Spikes(scores, tensors, doing, cancellation)],
            .. recipe.Loss.Contrastive == 0 ? [] : Contrast(scores, tensors, doing, cancellation),
        ];
        doing("scoring behaviour");
        return (IsPretraining ? null : scores.Test(tensors, choices.Baselines, notes, cancellation), tables);
    }

    private static MetricTable[] Contrast(NeuroformerScores scores, IReadOnlyList<TensorData> tensors, Action<string> doing, CancellationToken cancellation)
    {
        doing("scoring the contrast");
        var (loss, chance) = scores.Contrast(tensors, SessionPart.Test, cancellation);
        if (double.IsNaN(loss)) return [];
        return
        [
            new MetricTable(
                "Contrastive loss of the test intervals",
                "How well the two sides of a window find each other among as many windows as are compared in training; lower is better. Chance is the logarithm of that number.",
                [("contrastive", "contrastive")],
                [Row("neuroformer", loss), Row("chance", chance)]),
        ];

        static MetricRow Row(string name, double value) => new(name, new Dictionary<string, double> { ["contrastive"] = value });
    }

    private static MetricTable Spikes(NeuroformerScores scores, IReadOnlyList<TensorData> tensors, Action<string> doing, CancellationToken cancellation)
    {
        doing("scoring spikes");
        var tokens = scores.Tokens(tensors, SessionPart.Test, cancellation);
        return new MetricTable(
            "Spikes of the test intervals",
            "Cross-entropy of the next token given the ones before it and the past window, nats per token; lower is better.",
            [("id", "neuron"), ("dt", "time")],
            [new MetricRow("neuroformer", new Dictionary<string, double> { ["id"] = tokens.Id, ["dt"] = tokens.Dt })]);
    }
}
