using System.Globalization;
using Realtime.Models.Optimization;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>
/// Trains a network: epochs of steps, a causal score now and then, the best weights kept, checkpoints that go on exactly. The same parts and recipe
/// give the same weights, to the bit, with any number of threads and interruptions. One thread calls; it waits for the others.
/// </summary>
/// <typeparam name="T">What a batch is made of.</typeparam>
public sealed class NetworkTrainer<T>
{
    private readonly TrainerParts<T> _parts;
    private readonly ITrainingRecipe _recipe;
    private readonly TrainerOptions _options;
    private readonly float[][] _initial;
    private readonly bool[] _frozen;
    private TrainerPosition _at = new();
    private IOptimizer _optimizer;
    private WeightAverage? _average;
    private IReadOnlyList<TensorData>? _best;
    private TrainingStep<T>? _step;
    private long _checkpointed;

    /// <exception cref="TrainingException">The recipe is out of range.</exception>
    public NetworkTrainer(TrainerParts<T> parts, ITrainingRecipe recipe, TrainerOptions options)
    {
        recipe.Check();
        (_parts, _recipe, _options) = (parts, recipe, options);
        _initial = WeightValues.Copy(parts.Parameters);
        _frozen = [.. Enumerable.Range(0, parts.Parameters.Count).Select(i => parts.Parameters[i].IsFrozen)];
        _optimizer = NewOptimizer();
    }

    /// <summary>Trains until done or told to stop. Call once.</summary>
    /// <exception cref="TrainingException">The checkpoint to go on from is of something else.</exception>
    /// <exception cref="ModelFormatException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read.</exception>
    public TrainerResult Run(CancellationToken cancellation)
    {
        using var crew = new WorkCrew(_options.Threads);
        _average = NewAverage();
        if (_options is { Resume: true, Checkpoint: { } path } && File.Exists(path)) Resume(path);
        _parts.ValuesChanged();
        _checkpointed = _options.Clock.GetTimestamp();
        if (_at.Phase == TrainerPhase.Fit)
        {
            var stop = RunPhase(crew, long.MaxValue, cancellation);
            if (stop.Stop is TrainerStop.Interrupted or TrainerStop.Diverged || !_recipe.RefitWithValid || _best is null) return Result(stop, _best);
            BeginRefit(stop.Stop);
        }

        var end = RunPhase(crew, _at.BestSteps, cancellation);
        return end.Stop is TrainerStop.Interrupted or TrainerStop.Diverged
            ? Result(end, _best)
            : Result((_at.FitStop, Ending(_at.FitStop)), Present()) with { IsRefitted = true };
    }

    private (TrainerStop Stop, string Reason) RunPhase(WorkCrew crew, long steps, CancellationToken cancellation)
    {
        var batches = _parts.Batches(_at.Phase == TrainerPhase.Refit);
        if (_at.Phase == TrainerPhase.Fit) _at = _at with { StepsAtMost = (long)_recipe.Epochs * batches.StepsPerEpoch };
        Thaw(_at.Epoch);
        _step = new TrainingStep<T>(_parts, _recipe.Seed, crew);
        while (true)
        {
            // In the middle of an epoch there is still its end to come.
            if (_at.Step == 0 && (_at.Epoch >= _recipe.Epochs || _at.Steps >= steps)) return (TrainerStop.Finished, Ending(TrainerStop.Finished));
            if (_at is { Phase: TrainerPhase.Fit, Step: 0 } && _recipe.Patience > 0 && _at.BestEpoch > 0 && _at.Epoch - _at.BestEpoch >= _recipe.Patience)
                return (TrainerStop.Patience, Ending(TrainerStop.Patience));
            if (Thaw(_at.Epoch)) _step = new TrainingStep<T>(_parts, _recipe.Seed, crew);
            while (_at.Step < batches.StepsPerEpoch && _at.Steps < steps)
            {
                if (cancellation.IsCancellationRequested) return Interrupt();
                if (Step(batches) is { } reason) return (TrainerStop.Diverged, reason);
                if (_options.Clock.GetElapsedTime(_checkpointed) >= _options.CheckpointEvery) Checkpoint();
            }

            if (!EndEpoch(cancellation)) return Interrupt();
            if (_options.Clock.GetElapsedTime(_checkpointed) >= _options.CheckpointEvery / 10) Checkpoint();
        }
    }

    /// <summary>One step. Gives the reason to stop where its numbers are not finite; the weights are then those before it.</summary>
    private string? Step(IBatches<T> batches)
    {
        var batch = batches.Batch(_at.Epoch, _at.Step);
        var schedule = Schedule();
        var rate = schedule.LearningRate(_at.Steps);
        var loss = _step!.Run(batch, _at.Phase, _at.Steps);
        double norm = 0;
        if (loss is { } value)
        {
            norm = _step.Gradients.Clip(_recipe.ClipNorm > 0 ? _recipe.ClipNorm : double.PositiveInfinity);
            if (!double.IsFinite(value) || !double.IsFinite(norm)) return Diverged(double.IsFinite(value) ? "gradient" : "loss", rate);
            _optimizer.Step(_step.Gradients, rate, schedule.Beta1(_at.Steps));
            _parts.ValuesChanged();
        }

        _at = _at with
        {
            Step = _at.Step + 1,
            Steps = _at.Steps + 1,
            Windows = _at.Windows + batch.Count,
            LossSum = _at.LossSum + (loss ?? 0),
            LossPartSums = loss is null ? _at.LossPartSums : [.. _step.LossParts.Select((value, part) => value + _at.LossPartSums.ElementAtOrDefault(part))],
            NormSum = _at.NormSum + norm,
            LearningRate = rate,
        };
        _average?.Update();
        Tell();
        return null;
    }

    /// <returns>False when told to stop while scoring: the epoch is then not ended, and is scored again later.</returns>
    private bool EndEpoch(CancellationToken cancellation)
    {
        var epoch = _at.Epoch + 1;
        var point = new CurvePoint
        {
            Phase = _at.Phase,
            Epoch = epoch,
            Loss = _at.LossSum / _at.Step,
            LossParts = _parts.LossParts.Zip(_at.LossPartSums, (name, sum) => (name, Mean: sum / _at.Step)).ToDictionary(part => part.name, part => part.Mean),
            LearningRate = _at.LearningRate,
            GradientNorm = _at.NormSum / _at.Step,
        };
        var (bestEpoch, bestScore, bestSteps) = (_at.BestEpoch, _at.BestScore, _at.BestSteps);
        if (_at.Phase == TrainerPhase.Fit && (epoch % _recipe.EvaluateEvery == 0 || epoch == _recipe.Epochs))
        {
            Tell(isScoring: true);
            var weights = Present();
            double score;
            try
            {
                score = WeightValues.AreFinite(weights) ? _parts.Score(weights, cancellation) : double.NaN;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return false;
            }

            point = point with { Score = score };
            if (!double.IsNaN(score) && !(bestScore >= score)) (_best, bestEpoch, bestScore, bestSteps) = (weights, epoch, score, _at.Steps);
        }

        _at = _at with
        {
            Epoch = epoch,
            Step = 0,
            LossSum = 0,
            LossPartSums = [],
            NormSum = 0,
            BestEpoch = bestEpoch,
            BestScore = bestScore,
            BestSteps = bestSteps,
            Curve = [.. _at.Curve, point],
        };
        Tell(epochEnded: true);
        return true;
    }

    private void BeginRefit(TrainerStop stop)
    {
        _at = _at with { Phase = TrainerPhase.Refit, Epoch = 0, Step = 0, Steps = 0, FitStop = stop };
        WeightValues.Put(_parts.Parameters, _initial);
        Freeze();
        _optimizer = NewOptimizer();
        _average = NewAverage();
        _parts.ValuesChanged();
    }

    private void Resume(string path)
    {
        var checkpoint = TrainingCheckpointFile.Read(path, _parts.Parameters, _recipe.ToJson(), _parts.Sessions, _parts.Start, (position, state) =>
        {
            // What thaws at the very start of an epoch has no state yet at the end of the one before.
            Thaw(position.Step > 0 ? position.Epoch : position.Epoch - 1);
            _optimizer = NewOptimizer();
            _optimizer.Restore(state);
            _average?.Restore(state);
        });
        _at = checkpoint.Position;
        _best = checkpoint.Best;
        WeightValues.Put(_parts.Parameters, checkpoint.Weights);
        if (checkpoint.Kernels != _parts.Kernels)
            _options.Warning?.Invoke($"The checkpoint was made with {checkpoint.Kernels} instructions and training goes on with {_parts.Kernels}: the weights will differ in their last bits from those of an unbroken run.");
    }

    /// <summary>The latest state, on disk. A disk that is full or gone does not end the training.</summary>
    private void Checkpoint()
    {
        _checkpointed = _options.Clock.GetTimestamp();
        if (_options.Checkpoint is not { } path) return;
        try
        {
            TrainingCheckpointFile.Write(path, TrainingCheckpointFile.ToBytes(_parts.Parameters, new TrainingCheckpoint
            {
                Recipe = _recipe.ToJson(),
                Sessions = _parts.Sessions,
                Start = _parts.Start,
                Kernels = _parts.Kernels,
                Position = _at,
                Weights = WeightValues.Copy(_parts.Parameters),
                Best = _best,
                State = [.. _optimizer.Save(), .. _average?.Save() ?? []],
            }), _options.Open);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _options.Warning?.Invoke($"The checkpoint {path} could not be written: {problem.Message} Training goes on; the former checkpoint, if there is one, is whole.");
        }
    }

    private (TrainerStop Stop, string Reason) Interrupt()
    {
        Checkpoint();
        return (TrainerStop.Interrupted, Ending(TrainerStop.Interrupted));
    }

    /// <summary>Unfreezes what is due by an epoch.</summary>
    /// <returns>Whether anything was.</returns>
    private bool Thaw(int epoch)
    {
        var changed = false;
        foreach (var thaw in _options.Thaws.Where(thaw => thaw.Epoch <= epoch))
        {
            for (var i = 0; i < _parts.Parameters.Count; i++)
            {
                var parameter = _parts.Parameters[i];
                if (!parameter.IsFrozen || !thaw.Parameters(parameter)) continue;
                parameter.IsFrozen = false;
                changed = true;
            }
        }

        return changed;
    }

    private void Freeze()
    {
        for (var i = 0; i < _frozen.Length; i++) _parts.Parameters[i].IsFrozen = _frozen[i];
    }

    private IOptimizer NewOptimizer() => _recipe.Optimizer == OptimizerKind.Lamb
        ? new Lamb(_parts.Parameters, new LambOptions { WeightDecay = _recipe.WeightDecay, Beta2 = _recipe.Beta2 })
        : new AdamW(_parts.Parameters, new AdamWOptions { WeightDecay = _recipe.WeightDecay, Beta2 = _recipe.Beta2, Decays = _parts.Decays });

    private OneCycleSchedule Schedule() => new()
    {
        Peak = _recipe.LearningRate,
        Steps = _at.StepsAtMost,
        WarmUp = _recipe.Schedule.WarmUp,
        DivFactor = _recipe.Schedule.DivFactor,
        FinalDivFactor = _recipe.Schedule.FinalDivFactor,
        CyclesBeta1 = _recipe.Schedule.CycleBeta1,
    };

    private WeightAverage? NewAverage() => _recipe.AverageWeights > 0 ? new WeightAverage(_parts.Parameters, _recipe.AverageWeights) : null;

    /// <summary>A copy of what would be kept now.</summary>
    private IReadOnlyList<TensorData> Present() => _average?.ToTensors() ?? _parts.Parameters.ToTensors();

    private TrainerResult Result((TrainerStop Stop, string Reason) end, IReadOnlyList<TensorData>? weights)
    {
        // Where nothing can be scored, the last weights of a whole run are as good a choice as any.
        if (weights is null && end.Stop == TrainerStop.Finished) weights = Present();
        return new TrainerResult
        {
            Stop = end.Stop,
            Reason = end.Reason,
            Tensors = weights,
            BestEpoch = _at.BestEpoch,
            BestScore = _at.BestScore,
            Windows = _at.Windows,
            Curve = _at.Curve,
        };
    }

    private string Ending(TrainerStop stop) => stop switch
    {
        TrainerStop.Finished => $"All {_recipe.Epochs} epochs are done.",
        TrainerStop.Patience => $"The causal validation score has not become better for {_recipe.Patience} epochs.",
        _ => $"Stopped in epoch {_at.Epoch + 1}, after {_at.Steps} steps.",
    };

    private string Diverged(string what, double rate) => string.Create(CultureInfo.InvariantCulture,
        $"The {what} of step {_at.Steps + 1}, in epoch {_at.Epoch + 1}, at learning rate {rate:0.###e+0}, is no finite number: the training has diverged. ")
        + (_best is null
            ? "It happened before the first scoring, so there are no weights worth keeping. "
            : $"The weights of epoch {_at.BestEpoch}, the best so far, are kept. ")
        + "Try a smaller learning_rate, a clip_norm of 1 or less, or a longer schedule.warm_up.";

    private void Tell(bool isScoring = false, bool epochEnded = false) => _options.Progress?.Invoke(new TrainerProgress
    {
        Phase = _at.Phase,
        Epoch = epochEnded ? _at.Epoch : _at.Epoch + 1,
        Steps = _at.Steps,
        StepsAtMost = _at.Phase == TrainerPhase.Refit ? _at.BestSteps : _at.StepsAtMost,
        Windows = _at.Windows,
        Loss = epochEnded ? _at.Curve[^1].Loss : _at.LossSum / Math.Max(1, _at.Step),
        LearningRate = _at.LearningRate,
        IsScoring = isScoring,
        EpochEnded = epochEnded,
        Score = _at.Curve.LastOrDefault(point => !double.IsNaN(point.Score))?.Score ?? double.NaN,
        BestScore = _at.BestScore,
        BestEpoch = _at.BestEpoch,
    });
}
