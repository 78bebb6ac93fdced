using Realtime.Engine.Sessions;
using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Scores;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>
/// Scores weights on windows that end where a live decoder is asked, each with nothing but its own spikes: causal. The form that is trained answers, many windows at
/// once, which equals the live one within rounding. One thread calls.
/// </summary>
public sealed class NeuroformerScores(NeuroformerSessions sessions, int threads)
{
    // Fixed, so that the answers do not depend on the threads.
    private const int BlockWindows = 64;

    private const double NsPerMs = 1e6;

    /// <summary>What the phase is to make better, on the validation intervals: mean R² over sessions; in pretraining less the loss. NaN where there is nothing.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public double Validation(IReadOnlyList<TensorData> tensors, CancellationToken cancellation)
    {
        if (sessions.Recipe.Phase == NeuroformerPhase.Pretrain)
        {
            var losses = Tokens(tensors, SessionPart.Valid, cancellation);
            return -(losses.Id + losses.Dt);
        }

        var scores = new List<double>();
        for (var session = 0; session < sessions.Sessions.Sessions.Count; session++)
            scores.Add(Behavior(tensors, session, SessionPart.Valid, cancellation).Scores()["all"]["mean_r2"]);
        return scores.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }

    /// <summary>The model, and if asked for the linear decoders, beside the constant predictor on the test intervals, each session apart.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ScoreTable Test(IReadOnlyList<TensorData> tensors, bool baselines, Action<string>? notes = null, CancellationToken cancellation = default)
    {
        var rows = new List<ScoreRow>();
        for (var index = 0; index < sessions.Sessions.Sessions.Count; index++)
        {
            var session = sessions.Sessions.Sessions[index].Session;
            if (session.Test.Count == 0)
            {
                notes?.Invoke($"Session '{session.Name}' has no test interval: it is not in the table.");
                continue;
            }

            var scores = Behavior(tensors, index, SessionPart.Test, cancellation);
            rows.Add(ScoreRow.Of(session.Name, NeuroformerKind.Name, ScoreTiming.Causal, scores));
            if (baselines)
            {
                var options = new TrainingOptions { BinMs = sessions.Recipe.TargetMs, Outputs = sessions.Recipe.Outputs, Filter = sessions.Recipe.Filter };
                rows.AddRange(BaselineScores.Fit(session, options, session.Test, notes: notes, cancellation: cancellation).Where(row => row.Predictor != "constant"));
            }

            rows.Add(ScoreRow.OfConstant(session.Name, ScoreTiming.Causal, scores));
        }

        return new ScoreTable("test", sessions.Sessions.Outputs, rows);
    }

    /// <summary>Cross-entropies of id and dt, mean over tokens of windows back to back; NaN where there are none.</summary>
    public NeuroformerLossParts Tokens(IReadOnlyList<TensorData> tensors, SessionPart part, CancellationToken cancellation)
    {
        var places = sessions.Cover(part);
        if (places.Length == 0) return new NeuroformerLossParts(double.NaN, double.NaN, 0, 0);
        var weights = new NeuroformerLossWeights { Id = 1, Dt = 1, Contrastive = 0, Behavior = 0 };
        var blocks = new (NeuroformerLossParts Sum, int Tokens)[(places.Length + BlockWindows - 1) / BlockWindows];
        Run(tensors, places, cancellation, (block, samples, network, tape) =>
            blocks[block] = (NeuroformerLoss.Run(tape, network, [.. samples.Select(sample => sample with { TokenShare = 1 })], weights, 1), samples.Sum(sample => sample.Tokens)));
        var tokens = blocks.Sum(block => (double)block.Tokens);
        return new NeuroformerLossParts(blocks.Sum(block => block.Sum.Id) / tokens, blocks.Sum(block => block.Sum.Dt) / tokens, 0, 0);
    }

    /// <summary>
    /// The contrastive loss of windows of an interval, compared as many at a time as in training, and its value where nothing tells them apart, ln of that number. Windows of a
    /// comparison lie far apart. NaN where there are too few windows, or nothing is compared.
    /// </summary>
    public (double Loss, double Chance) Contrast(IReadOnlyList<TensorData> tensors, SessionPart part, CancellationToken cancellation)
    {
        var places = sessions.Cover(part);
        var together = Math.Min(BlockWindows, Math.Max(2, sessions.Recipe.BatchWindows / TrainingStep<NeuroformerSample>.Parts));
        var groups = places.Length / together;
        if (groups == 0 || sessions.Config.ContrastiveVars.Count < 2) return (double.NaN, double.NaN);
        var weights = new NeuroformerLossWeights { Id = 0, Dt = 0, Contrastive = 1, Behavior = 0 };
        WindowPlace[] ordered = [.. Enumerable.Range(0, groups * together).Select(at => places[at % together * groups + at / together])];
        var losses = new double[groups];
        Run(tensors, ordered, cancellation, (group, samples, network, tape) => losses[group] = NeuroformerLoss.Run(tape, network, samples, weights, 1.0 / samples.Count).Contrastive, together);
        return (losses.Average(), Math.Log(together));
    }

    /// <summary>Answers to a session's intervals, in physical units, beside what was.</summary>
    public ScoreAccumulator Behavior(IReadOnlyList<TensorData> tensors, int session, SessionPart part, CancellationToken cancellation)
    {
        var own = sessions.Sessions.Sessions[session];
        IReadOnlyList<TimeRange> intervals = part switch
        {
            SessionPart.Valid => own.Session.Valid,
            SessionPart.Test => own.Session.Test,
            _ => own.Session.Train,
        };
        var places = sessions.Answers(session, part, intervals, (long)Math.Round(sessions.Recipe.ScoreHopMs * NsPerMs));
        var outputs = sessions.Sessions.Outputs.Count;
        var answers = new float[places.Count * outputs];
        Run(tensors, places, cancellation, (block, samples, network, tape) =>
        {
            var pass = network.Forward(tape, [.. samples.Select(sample => sample.Window)]);
            for (var output = 0; output < outputs; output++)
            {
                var values = network.Predict(tape, pass, 0, output).Value;
                for (var window = 0; window < samples.Count; window++)
                    answers[(block * BlockWindows + window) * outputs + output] = (float)(values[window] * own.OutputSd[output] + own.OutputMean[output]);
            }
        });

        var scores = new ScoreAccumulator(sessions.Sessions.Outputs, own.OutputMean);
        Span<double> targets = stackalloc double[outputs];
        for (var place = 0; place < places.Count; place++)
            if (sessions.Targets(places[place], targets)) scores.Append(answers.AsSpan(place * outputs, outputs), targets);
        return scores;
    }

    private void Run(IReadOnlyList<TensorData> tensors, IReadOnlyList<WindowPlace> places, CancellationToken cancellation,
        Action<int, IReadOnlyList<NeuroformerSample>, NeuroformerTrainable, Tape> work, int blockWindows = BlockWindows)
    {
        var network = NeuroformerTrainable.Of(NeuroformerTrainable.FileTensors(tensors, sessions.Config), sessions.Config);
        var packed = new PackedParameters(network.Parameters, KernelSet.Best);
        for (var i = 0; i < network.Parameters.Count; i++) network.Parameters[i].IsFrozen = true;
        var gradients = new GradientSet(network.Parameters);
        using var crew = new WorkCrew(threads);
        var tapes = new System.Collections.Concurrent.ConcurrentBag<Tape>();
        crew.Run((places.Count + blockWindows - 1) / blockWindows, block =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (!tapes.TryTake(out var tape)) tape = new Tape(packed, gradients);
            tape.Begin(isTraining: false, 0);
            var first = block * blockWindows;
            work(block, [.. Enumerable.Range(first, Math.Min(blockWindows, places.Count - first)).Select(at => sessions.Cut(places[at]))], network, tape);
            tapes.Add(tape);
        });
    }
}
