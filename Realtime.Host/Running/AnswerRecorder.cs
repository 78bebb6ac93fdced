using Realtime.Engine.Events;
using Realtime.Engine.Rings;
using Realtime.Engine.Time;
using Realtime.Host.Running.Recording;

namespace Realtime.Host.Running;

/// <summary>
/// Writes the answers down, scores them, keeps the series for the report, and drives the session's recording where there is one, on a thread of its own:
/// when the disk is slow, the rings before it fill and copies are lost and counted, never the decode thread's time.
/// </summary>
public sealed class AnswerRecorder : IDisposable
{
    private const int PollMs = 5;
    private const long FlushNs = 1_000_000_000;
    private const int BatchSize = 256;

    private readonly SpscRing<AnswerRecord> _answers;
    private readonly SpscRing<BehaviourSample> _behaviour;
    private readonly PredictionLog _log;
    private readonly AnswerSeries _series;
    private readonly Func<AnswerScorer?> _makeScorer;
    private readonly int _outputs;
    private readonly IClock _clock;
    private readonly SessionRecorder? _session;
    private readonly Thread _thread;
    private readonly BehaviourSample[] _batch = new BehaviourSample[BatchSize];
    private readonly double[] _unknown;
    private AnswerScorer? _scorer;
    private volatile bool _stop;
    private volatile string? _fault;
    private long _lastFlushNs;

    /// <param name="answers">Copies of the answers; this thread is the only consumer.</param>
    /// <param name="behaviour">Behaviour samples; this thread is the only consumer.</param>
    /// <param name="log">predictions.csv; disposed of by this class.</param>
    /// <param name="series">Takes each answer with its truth.</param>
    /// <param name="makeScorer">Makes the scorer once the behaviour channels are known; null until then, or where none can be made.</param>
    /// <param name="outputs">Values per answer.</param>
    /// <param name="clock">For the flushing interval.</param>
    /// <param name="session">Records spikes and behaviour; used by this thread alone between start and stop. Null where nothing is recorded.</param>
    public AnswerRecorder(
        SpscRing<AnswerRecord> answers,
        SpscRing<BehaviourSample> behaviour,
        PredictionLog log,
        AnswerSeries series,
        Func<AnswerScorer?> makeScorer,
        int outputs,
        IClock clock,
        SessionRecorder? session = null)
    {
        _answers = answers;
        _behaviour = behaviour;
        _log = log;
        _series = series;
        _makeScorer = makeScorer;
        _outputs = outputs;
        _clock = clock;
        _session = session;
        _unknown = new double[outputs];
        Array.Fill(_unknown, double.NaN);
        _thread = new Thread(Run) { Name = "recorder", IsBackground = true };
    }

    /// <summary>What stopped the recording, or null.</summary>
    public string? Failure => _fault ?? _log.Failure;

    /// <summary>Answers that lie whole in predictions.csv. Read after the recorder has stopped.</summary>
    public long Recorded => _log.Written;

    /// <summary>The scorer, once the recorder has stopped; null when nothing could be scored.</summary>
    public AnswerScorer? Scorer => _scorer;

    public void Start() => _thread.Start();

    /// <summary>Takes what is still in the rings and completes the files.</summary>
    public void Stop()
    {
        _stop = true;
        if (_thread.IsAlive) _thread.Join();
        _log.Dispose();
    }

    public void Dispose() => Stop();

    private void Run()
    {
        while (!_stop)
        {
            TakeOrGiveUp();
            Thread.Sleep(PollMs);
        }

        TakeOrGiveUp();
        TakeBehaviour(all: true);
        if (_fault is null) _scorer?.Finish();
        _log.Flush();
        _session?.Stop();
    }

    /// <summary>A fault of the recording ends the recording, never the answers.</summary>
    private void TakeOrGiveUp()
    {
        try
        {
            if (_fault is null) Take();
        }
        catch (Exception fault)
        {
            _fault = fault.Message;
        }

        if (_fault is not null) TakeBehaviour(all: true);
        _session?.Take();
        if (_clock.NowNs - _lastFlushNs < FlushNs) return;
        _lastFlushNs = _clock.NowNs;
        _log.Flush();
        _session?.Flush();
    }

    private void Take()
    {
        // Answers first: a restart marker in the behaviour then finds the answers of the old epoch here.
        while (_answers.TryRead(out var record))
        {
            ReadOnlySpan<float> values = record.Values;
            _log.Write(in record.Answer, values[.._outputs]);

            // Behaviour of an answer's interval came before it, and with it the channels' names: the first answer is scored too.
            _scorer ??= _makeScorer();
            if (_scorer is null) _series.Add(in record, _unknown);
            else _scorer.AddAnswer(in record);
        }

        _scorer ??= _makeScorer();

        TakeBehaviour(all: false);
        _scorer?.Advance();
    }

    /// <summary>Behaviour waits for its scorer, which needs the names of all channels; where none can be made it must not fill the ring.</summary>
    private void TakeBehaviour(bool all)
    {
        int count;
        while ((all || _scorer is not null || _behaviour.Count > _behaviour.Capacity / 2) && (count = _behaviour.Drain(_batch)) > 0)
        {
            for (var i = 0; i < count; i++)
            {
                _session?.AddBehaviour(in _batch[i]);
                if (_fault is null) _scorer?.AddBehaviour(in _batch[i]);
            }
        }
    }
}
