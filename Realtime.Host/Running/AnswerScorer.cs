using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Engine.Events;
using Realtime.Models;
using Realtime.Models.Scores;
using Realtime.Models.Training;

namespace Realtime.Host.Running;

/// <summary>
/// Scores answers against the behaviour that travelled beside the spikes, by the same arithmetic live and offline. An answer waits until the
/// behaviour of its interval is complete. Answers decoded from a whole window count; held ones, those without data and those whose
/// window reaches back before the first data do not. One thread.
/// </summary>
public sealed class AnswerScorer
{
    // Answers wait for behaviour, which a rig sends within a second; at 1,000 ticks/s this is 8 s.
    private const int MaxWaiting = 8192;

    private readonly TargetAverager _averager;
    private readonly ScoreAccumulator _scores;
    private readonly BinFilter? _filter;
    private readonly int _outputs;
    private readonly Queue<AnswerRecord> _waiting = new(MaxWaiting);
    private readonly double[] _means;
    private readonly ScoredAnswerHandler _scored;

    /// <summary>Receives each answer once, in order, with the true values of its interval (NaN where unknown).</summary>
    public delegate void ScoredAnswerHandler(in AnswerRecord record, ReadOnlySpan<double> truth);

    /// <param name="model">Outputs, training mean and filter of the model.</param>
    /// <param name="description">The decoder's own description.</param>
    /// <param name="behaviour">The behaviour channels, by channel number.</param>
    /// <param name="sampleRateHz">Rate of the behaviour's sample numbers.</param>
    /// <param name="originSample">The sample whose data time is 0.</param>
    /// <param name="scored">Called for each answer; may be one that does nothing.</param>
    /// <exception cref="ArgumentException">An output has no behaviour channel.</exception>
    public AnswerScorer(
        ModelFile model,
        DecoderDescription description,
        IReadOnlyList<OutputChannel> behaviour,
        double sampleRateHz,
        long originSample,
        ScoredAnswerHandler scored)
    {
        var targets = TargetSources.For(description.Outputs, behaviour);
        _filter = model.Config.Training.Filter is { } filter ? BinFilter.Parse(filter, behaviour) : null;
        _outputs = description.Outputs.Count;
        _averager = new TargetAverager(_filter is null ? targets : [.. targets, _filter.Source], sampleRateHz, originSample, description.TargetNs);
        _scores = new ScoreAccumulator(description.Outputs, model.Config.Training.TargetMean);
        _means = new double[_averager.Count];
        _scored = scored;
    }

    /// <summary>{target: {metric: value}} so far; the constant predictor's metrics carry the prefix "constant_".</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Scores() => _scores.Scores();

    /// <summary>Answers scored.</summary>
    public int Pairs => _scores.Pairs;

    /// <summary>Takes one behaviour sample, in the order of arrival.</summary>
    public void AddBehaviour(in BehaviourSample sample)
    {
        if (sample.Channel == BehaviourSample.RestartChannel)
        {
            Finish();
            _averager.Reset();
            return;
        }

        _averager.Add(sample.Sample, sample.Channel, sample.Value);
    }

    /// <summary>Takes one answer, in order.</summary>
    public void AddAnswer(in AnswerRecord record)
    {
        if (_waiting.Count == MaxWaiting) Score(_waiting.Dequeue());
        _waiting.Enqueue(record);
    }

    /// <summary>Scores the answers whose behaviour is complete.</summary>
    public void Advance()
    {
        while (_waiting.TryPeek(out var next) && _averager.IsComplete(next.Answer.DataNs)) Score(_waiting.Dequeue());
    }

    /// <summary>Scores all that wait with the behaviour there is.</summary>
    public void Finish()
    {
        while (_waiting.TryDequeue(out var next)) Score(next);
    }

    private void Score(in AnswerRecord record)
    {
        _averager.Mean(record.Answer.DataNs, _means);
        ReadOnlySpan<float> values = record.Values;
        var decoded = record.Answer.Status is AnswerStatus.Fresh or AnswerStatus.Late;
        var whole = (record.Answer.Flags & AnswerFlags.PartialWindow) == 0;
        if (decoded && whole && (_filter is null || _filter.Keeps(_means[^1]))) _scores.Append(values[.._outputs], _means.AsSpan(0, _outputs));
        _scored(in record, _means.AsSpan(0, _outputs));
    }
}
