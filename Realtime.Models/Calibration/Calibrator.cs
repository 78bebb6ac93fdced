using System.Diagnostics;
using System.Text.Json.Nodes;
using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;
using Realtime.Models.Differentiation;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Training.Windows;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Calibration;

/// <summary>
/// Calibrates a trained POYO or POSSM to a session of units that it has not seen: new embeddings of units and session learn, the rest stays, or learns too in the last epochs. Then
/// judges the result on data that were held out, against a linear decoder fitted to the same minutes. The same arguments give the same file.
/// Source: "unit identification" of Azabou et al. 2023 (arXiv 2310.16046), section 2.5.
/// </summary>
public sealed class Calibrator
{
    private const string Units = "unit_emb.weight";
    private const string SessionTable = "session_emb.weight";
    private const string Latents = "latent_emb.weight";

    // The new embeddings' own sequence of random numbers.
    private const ulong EmbeddingPurpose = 0x63616C6962726174;

    private readonly ModelFile _base;
    private readonly CalibrationOptions _options;
    private readonly Action<string>? _doing;
    private readonly Action<TrainerProgress>? _progress;
    private readonly IReadOnlyList<string> _unitVocab;
    private readonly IReadOnlyList<string> _sessionVocab;
    private readonly string _liveSession;
    private readonly IReadOnlyList<int> _unitRows;
    private readonly TrainingRecipe _recipe;

    /// <param name="model">A model that was trained here.</param>
    /// <param name="options">How.</param>
    /// <param name="doing">Told what is done at the moment; may be null.</param>
    /// <param name="progress">Told after each step; may be null.</param>
    /// <exception cref="TrainingException">An option is out of range, or the model cannot be calibrated.</exception>
    /// <exception cref="ModelFormatException">The model's settings cannot be read.</exception>
    public Calibrator(ModelFile model, CalibrationOptions options, Action<string>? doing = null, Action<TrainerProgress>? progress = null)
    {
        options.Check();
        (_base, _options, _doing, _progress) = (model, options, doing, progress);
        var config = model.Config;
        if (config.Kind is not (PoyoRandom.Kind or PossmRandom.Kind))
            throw new TrainingException($"{model.Name} is a {config.Kind} decoder, which is fitted to one session's units: only poyo and possm models are calibrated. Fit it anew with 'rtdecode train --model {config.Kind}'.");
        if (config.Training.Origin != WeightOrigin.Trained || config.Training.Recipe is not { } recipe)
            throw new TrainingException($"{model.Name} was not trained by this program, so that how its windows and behaviour were made is not known. Calibrate a model of 'rtdecode train'.");
        _recipe = TrainingRecipeJson.Read(recipe, model.Name) with { Outputs = [.. config.Outputs.Select(output => output.Name)] };
        if (config.Kind == PoyoRandom.Kind)
        {
            var settings = SettingsJson.Read<PoyoSettings>(config.Settings, model.Name, "config.settings");
            (_unitVocab, _sessionVocab, _liveSession, _unitRows) = (settings.UnitVocab, settings.SessionVocab, settings.Session, settings.UnitRows);
        }
        else
        {
            var settings = SettingsJson.Read<PossmSettings>(config.Settings, model.Name, "config.settings");
            (_unitVocab, _sessionVocab, _liveSession, _unitRows) = (settings.UnitVocab, settings.SessionVocab, settings.Session, settings.UnitRows);
        }
    }

    /// <summary>Calibrates. One thread calls.</summary>
    /// <param name="session">The new session.</param>
    /// <param name="cancellation">Stops it; nothing is kept.</param>
    /// <exception cref="TrainingException">The session does not allow it; the message says what to change.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public CalibrationResult Calibrate(Session session, CancellationToken cancellation = default)
    {
        var data = CalibrationData.Of(session, _options, _recipe.OnePerInterval);
        var recipe = Recipe();
        var sessions = TrainingSessions.From([data.Session], TransformerNetwork.Windows(recipe), _options.Cut ? null : _unitVocab, _options.Cut ? null : _sessionVocab);
        CheckUnits(sessions);
        var notes = sessions.Notes.ToList();
        var tensors = Start(sessions, out var kept);
        if (_options.SameUnits && kept == 0)
        {
            throw new TrainingException($"None of the {session.Units.Count} units of session '{session.Name}' goes by the name of a unit of the model's session '{_liveSession}': "
                + $"the session names '{session.Units[0]}', the model '{_base.Config.Units[0]}'. Leave out --same-units, and all units are learned anew.");
        }

        var before = Bytes(recipe, sessions, tensors, null);
        var watch = Stopwatch.StartNew();
        var training = Train(recipe, sessions, tensors, cancellation);
        watch.Stop();
        cancellation.ThrowIfCancellationRequested();
        if (training.Tensors is not { } learned) throw new TrainingException($"The calibration came to nothing. {training.Reason}");
        var model = Bytes(recipe, sessions, learned, training);
        var (table, fitness, baseline) = Judge(recipe, sessions, data, before, model, notes, cancellation);
        using var file = ModelFile.Parse(model, "the calibrated model");
        return new CalibrationResult
        {
            Model = Record(file, data, fitness),
            Fitness = fitness,
            Scores = table,
            Baseline = baseline,
            Training = training,
            Units = (kept, session.Units.Count),
            Computed = watch.Elapsed,
            Notes = notes,
        };
    }

    /// <summary>A recorded run knows no units of its behaviour; where both are known they must agree.</summary>
    private void CheckUnits(TrainingSessions sessions)
    {
        foreach (var (own, due) in sessions.Outputs.Zip(_base.Config.Outputs))
        {
            if (own.Unit.Length > 0 && due.Unit.Length > 0 && own.Unit != due.Unit)
                throw new TrainingException($"Output '{due.Name}' is in '{due.Unit}' in the model, but in '{own.Unit}' in session '{sessions.Sessions[0].Session.Name}'. Convert the session's behaviour, or mend its behaviour_channels.");
        }
    }

    /// <summary>The model's own recipe, with the calibration's course.</summary>
    private TrainingRecipe Recipe() => _recipe with
    {
        Epochs = _options.Epochs,
        LearningRate = _options.LearningRate,
        BatchWindows = _options.BatchWindows,
        WindowsPerEpoch = 0,
        Optimizer = OptimizerKind.Adamw,

        // Embeddings of other sessions take no part, and must not shrink.
        WeightDecay = 0,
        Schedule = new OneCycleRecipe { WarmUp = 0.1, DivFactor = 10, FinalDivFactor = 100 },
        ClipNorm = 1,
        UnitDropout = null,
        UnitDropoutShare = _options.UnitDropout,
        AverageWeights = 0,
        Patience = 0,
        EvaluateEvery = _options.Epochs,
        RefitWithValid = false,
        Seed = _options.Seed,
    };

    /// <summary>The model's tensors, with a row for each unit and session of the new vocabularies.</summary>
    private List<TensorData> Start(TrainingSessions sessions, out int kept)
    {
        var reader = new WeightReader(_base.Tensors);
        var random = new PortableRandom((ulong)_options.Seed, EmbeddingPurpose);
        var units = Sources(sessions.UnitVocab, _unitVocab);
        var prepared = sessions.Sessions[0];
        if (_options.SameUnits)
        {
            var rows = _base.Config.Units.Index().ToDictionary(unit => unit.Item, unit => _unitRows[unit.Index]);
            for (var unit = 0; unit < prepared.UnitRows.Count; unit++)
                if (units[prepared.UnitRows[unit]] < 0 && rows.TryGetValue(prepared.Session.Units[unit], out var row)) units[prepared.UnitRows[unit]] = row;
        }

        kept = prepared.UnitRows.Count(row => units[row] >= 0);
        var words = Sources(sessions.SessionVocab, _sessionVocab);
        var live = _sessionVocab.ToList().IndexOf(_liveSession);
        if (_options.SameUnits && words[prepared.Row] < 0) words[prepared.Row] = live;
        var tensors = new List<TensorData>();
        foreach (var info in _base.Tensors.Tensors.Values)
        {
            var from = info.Name == Units ? units : info.Name == SessionTable ? words : null;
            tensors.Add(from is null
                ? new TensorData(info.Name, info.Type, info.Shape, _base.Tensors.Bytes(info.Name).ToArray())
                : EmbeddingRows.Take(info.Name, reader.Floats(info.Name, [.. info.Shape]), (int)info.Shape[1], from, random));
        }

        return tensors;
    }

    /// <summary>For each word its row in the model, or -1.</summary>
    private static int[] Sources(IReadOnlyList<string> words, IReadOnlyList<string> known)
    {
        var rows = known.Index().ToDictionary(word => word.Item, word => word.Index, StringComparer.Ordinal);
        return [.. words.Select(word => rows.GetValueOrDefault(word, -1))];
    }

    /// <summary>The embeddings first; then, where asked for, everything, on a schedule of its own.</summary>
    private TrainerResult Train(TrainingRecipe recipe, TrainingSessions sessions, IReadOnlyList<TensorData> tensors, CancellationToken cancellation)
    {
        var first = _options.UnfreezeAt ?? _options.Epochs;
        TrainerResult? embedded = null;
        if (first > 0)
        {
            _doing?.Invoke("learning the new units");
            embedded = Train(recipe with { Epochs = first, EvaluateEvery = first }, sessions, tensors, Learns, cancellation);
            if (first == _options.Epochs || embedded.Tensors is null || embedded.Stop != TrainerStop.Finished) return embedded;
        }

        _doing?.Invoke("letting the whole network learn");
        var rest = _options.Epochs - first;
        var thawed = Train(recipe with { Epochs = rest, EvaluateEvery = rest, LearningRate = _options.UnfreezeRate }, sessions, embedded?.Tensors ?? tensors, _ => true, cancellation);
        return embedded is null ? thawed : thawed with { Windows = embedded.Windows + thawed.Windows, Curve = [.. embedded.Curve, .. thawed.Curve.Select(point => point with { Epoch = point.Epoch + first })] };
    }

    private TrainerResult Train(TrainingRecipe recipe, TrainingSessions sessions, IReadOnlyList<TensorData> tensors, Func<Parameter, bool> learns, CancellationToken cancellation)
    {
        var network = TransformerNetwork.Of(recipe, tensors);
        for (var i = 0; i < network.Parameters.Count; i++) network.Parameters[i].IsFrozen = !learns(network.Parameters[i]);
        return new NetworkTrainer<TrainingWindow>(TransformerTrainer.Parts(network, recipe, sessions, _options.Threads), recipe, new TrainerOptions { Threads = _options.Threads, Progress = _progress }).Run(cancellation);
    }

    private bool Learns(Parameter parameter) => parameter.Name is Units or SessionTable || _options.TrainLatents && parameter.Name == Latents;

    private (ScoreTable Table, LiveFitness Fitness, TrainedModel? Baseline) Judge(
        TrainingRecipe recipe, TrainingSessions sessions, CalibrationData data, byte[] before, byte[] after, List<string> notes, CancellationToken cancellation)
    {
        var name = data.Session.Name;
        var scores = new CalibrationScores(data.Session, recipe, cancellation);
        _doing?.Invoke("scoring what was held out");
        var own = scores.Model(after);
        var rows = new List<ScoreRow>
        {
            ScoreRow.Of(name, $"{recipe.Kind} calibrated", ScoreTiming.Causal, own),
            ScoreRow.Of(name, $"{recipe.Kind} not calibrated", ScoreTiming.Causal, scores.Model(before)),
        };
        var baseline = double.NaN;
        TrainedModel? wiener = null;
        try
        {
            _doing?.Invoke("fitting the linear baseline to the same data");
            wiener = scores.FitWiener([.. sessions.Outputs.Select(output => output.Name)]);
            var scored = scores.Model(wiener);
            rows.Add(ScoreRow.Of(name, "wiener", ScoreTiming.Causal, scored));
            baseline = Mean(scored.Scores());
        }
        catch (TrainingException problem)
        {
            notes.Add($"No linear baseline could be fitted: {problem.Message}");
        }

        if (_options.CompareScratch && Scratch(recipe, sessions, cancellation) is { } scratch)
            rows.Add(ScoreRow.Of(name, $"{recipe.Kind} from scratch", ScoreTiming.Causal, scores.Model(scratch)));
        rows.Add(ScoreRow.OfConstant(name, ScoreTiming.Causal, own));
        var score = Mean(own.Scores());
        return (new ScoreTable("held out", sessions.Outputs, rows), new LiveFitness
        {
            Verdict = LiveFitness.Judge(Known(score), Known(baseline), _options.Force),
            Score = Known(score),
            Baseline = wiener is null ? null : "wiener",
            BaselineScore = Known(baseline),
            Session = name,
            HeldOut = Seconds(data.Session.Test),
            Minutes = Math.Round(data.UsedSeconds / 60, 4),
        }, wiener);
    }

    /// <summary>The same network with new weights, trained on the same data for as many steps, by the recipe that the model was trained with.</summary>
    private byte[]? Scratch(TrainingRecipe recipe, TrainingSessions sessions, CancellationToken cancellation)
    {
        _doing?.Invoke("training the same network from scratch for comparison");
        var own = recipe with
        {
            LearningRate = _recipe.LearningRate,
            Optimizer = _recipe.Optimizer,
            WeightDecay = _recipe.WeightDecay,
            Schedule = _recipe.Schedule,
            ClipNorm = _recipe.ClipNorm,
        };
        var fresh = TrainingSessions.From([sessions.Sessions[0].Session], TransformerNetwork.Windows(own));
        var network = TransformerNetwork.Create(own, fresh);
        var result = new NetworkTrainer<TrainingWindow>(TransformerTrainer.Parts(network, own, fresh, _options.Threads), own, new TrainerOptions { Threads = _options.Threads, Progress = _progress }).Run(cancellation);
        cancellation.ThrowIfCancellationRequested();
        return result.Tensors is { } tensors ? Bytes(own, fresh, tensors, null) : null;
    }

    private byte[] Bytes(TrainingRecipe recipe, TrainingSessions sessions, IReadOnlyList<TensorData> tensors, TrainerResult? result) =>
        TransformerModel.Bytes(recipe, sessions, sessions.Sessions[0], tensors, result, _options.Note);

    /// <summary>The model with what a calibration adds to its description: how the network was trained before, the other sessions, and the judgement.</summary>
    private byte[] Record(ModelFile file, CalibrationData data, LiveFitness fitness)
    {
        var config = file.Config;
        var settings = config.Settings!.DeepClone().AsObject();
        if (!_options.Cut && _base.Config.Settings?["sessions"] is JsonArray earlier && settings["sessions"] is JsonArray own)
        {
            foreach (var old in earlier.Reverse())
                if (old?["word"]?.GetValue<string>() != data.Session.Name) own.Insert(0, old!.DeepClone());
        }

        return ModelFile.ToBytes(config with
        {
            Outputs = _base.Config.Outputs,
            Settings = settings,
            Training = config.Training with
            {
                Recipe = _base.Config.Training.Recipe,
                Fitness = fitness,
                Calibration = new CalibrationRecord
                {
                    From = _base.Hash,
                    Minutes = fitness.Minutes,
                    Epochs = _options.Epochs,
                    LearningRate = _options.LearningRate,
                    BatchWindows = _options.BatchWindows,
                    UnitDropout = _options.UnitDropout,
                    UnfreezeAt = _options.UnfreezeAt,
                    UnfreezeRate = _options.UnfreezeAt is null ? null : _options.UnfreezeRate,
                    TrainLatents = _options.TrainLatents,
                    SameUnits = _options.SameUnits,
                    Seed = _options.Seed,
                },
            },
        }, file.Tensors.Tensors.Values.Select(tensor => new TensorData(tensor.Name, tensor.Type, tensor.Shape, file.Tensors.Bytes(tensor.Name).ToArray())));
    }

    private static double Mean(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> scores) =>
        scores.TryGetValue("all", out var all) && all.TryGetValue("mean_r2", out var mean) ? mean : double.NaN;

    private static double? Known(double score) => double.IsFinite(score) ? score : null;

    private static double[][] Seconds(IEnumerable<TimeRange> ranges) => ranges.Select(range => new[] { range.Start, range.End }).ToArray();
}
