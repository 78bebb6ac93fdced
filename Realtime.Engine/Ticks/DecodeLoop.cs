using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Engine.Events;
using Realtime.Engine.Frames;
using Realtime.Engine.Ledger;
using Realtime.Engine.Time;
using Realtime.Engine.Windows;

namespace Realtime.Engine.Ticks;

/// <summary>
/// The logic of the decode thread: takes events from the streams' rings, keeps the sliding window, closes ticks, has them
/// decoded, and hands exactly one answer per tick to the sink. Single-threaded; what it does is a function of the order of
/// events and of the times passed in. Allocates nothing after construction.
/// </summary>
/// <remarks>
/// A tick closes as soon as every stream's watermark has passed its end, in the order of events: what arrives after that event
/// is not in its window, even if it already waits in the ring. So the cut-off does not depend on how promptly the loop runs.
/// </remarks>
public sealed class DecodeLoop
{
    // Bounds the work between two looks at the clock; a ring that holds more is continued in the next step.
    private const int BatchSize = 4096;

    // Ticks closed by the lateness bound in one step, so that a long silence is caught up in bounded pieces.
    private const int MaxBoundClosingsPerStep = 64;

    private readonly DecodeLoopOptions _options;
    private readonly IDecoder _decoder;
    private readonly IAnswerSink _sink;
    private readonly IInputTap? _tap;
    private readonly FrameInput? _frames;
    private readonly TrialMarks _trials = new();
    private readonly IClock _clock;
    private readonly StreamState[] _streams;
    private readonly StreamState _reference;
    private readonly SlidingWindow _window;
    private readonly float[] _values;
    private readonly float[] _lastValues;
    private readonly float[] _noValues;
    private readonly bool _hasState;
    private readonly int _units;
    private readonly bool _paced;

    private bool _started;
    private bool _completed;
    private bool _needsReset;
    private long _endNs;
    private long _nextTick;
    private int _epoch;
    private long _boundNs;
    private long _lookAheadNs;
    private long _lastSpikeArrivalNs = StreamState.Unknown;
    private long _windowFullNs = StreamState.Unknown;
    private long _lastFrameNs = StreamState.Unknown;
    private long _waitingFrameNs = StreamState.Unknown;
    private long _gcAtWarm;
    private long _bytesAtWarm;

    /// <param name="options">Tick timing; validated here.</param>
    /// <param name="decoder">Answers the ticks.</param>
    /// <param name="inputs">The streams; the first is the reference, whose samples are data time.</param>
    /// <param name="sink">Receives the answers.</param>
    /// <param name="clock">Stamps the stages of each answer.</param>
    /// <param name="tap">Is shown each spike that is taken into the window and each frame that the decoder is given; may be null.</param>
    /// <param name="frames">Video frames for the decoder; null where it reads none.</param>
    /// <exception cref="ArgumentException">Hop, window and decoder do not fit together.</exception>
    public DecodeLoop(
        DecodeLoopOptions options, IDecoder decoder, IReadOnlyList<StreamInput> inputs, IAnswerSink sink, IClock clock, IInputTap? tap = null,
        FrameInput? frames = null)
    {
        if (inputs.Count == 0) throw new ArgumentException("A decode loop needs at least one stream.");
        Validate(options, decoder.Description);
        if (options.Trials is { } trigger && (trigger.Stream < 0 || trigger.Stream >= inputs.Count))
            throw new ArgumentException($"Trials begin by stream {trigger.Stream}, but there are {inputs.Count} streams.");
        if (frames is not null && frames.Ring.Shape != decoder.Description.Frames)
            throw new ArgumentException($"Frames of {frames.Ring.Shape} pixels come in, but model '{decoder.Description.Name}' reads {decoder.Description.Frames?.ToString() ?? "none"}.");
        _options = options;
        _decoder = decoder;
        _sink = sink;
        _tap = tap;
        _frames = frames;
        _clock = clock;
        _paced = options.ReplaySpeed > 0;
        _hasState = decoder.Description.HopNs != 0;
        _streams = inputs.Select((input, index) => new StreamState(
            index,
            input,
            new SampleTimeline(options.OriginSample, input.RateHz),
            new SampleClockFit(new SampleClockFitOptions { NominalRateHz = input.RateHz * (_paced ? options.ReplaySpeed : 1) }),
            BatchSize)).ToArray();
        _reference = _streams[0];
        _window = new SlidingWindow(options.MaxWindowSpikes, inputs.Select(input => input.Ledger).ToArray());
        _units = decoder.Description.Units.Count;
        var outputs = decoder.Description.Outputs.Count;
        _values = new float[outputs];
        _lastValues = new float[outputs];
        _noValues = new float[outputs];
        Array.Fill(_noValues, float.NaN);
        Array.Fill(_lastValues, float.NaN);
    }

    public TickCounters Counters { get; } = new();

    public StageLatencies Latencies { get; } = new();

    /// <summary>True once the reference stream has shown where its data begin.</summary>
    public bool Started => _started;

    /// <summary>True once the last tick that was asked for has been answered. Any thread.</summary>
    public bool Completed => Volatile.Read(ref _completed);

    /// <summary>The reference stream's clock. Decode thread only.</summary>
    public SampleClockFit ReferenceClock => _reference.Fit;

    /// <summary>Handles what has arrived and answers every tick that can be closed at <paramref name="nowNs"/>.</summary>
    /// <returns>False when there was nothing to do.</returns>
    public bool Step(long nowNs)
    {
        var frames = TakeFrames();
        var events = FillBatches();
        if (events > 0)
        {
            LookAhead();
            while (NextStream() is { } stream) Handle(stream, in stream.Batch[stream.BatchNext++]);
        }

        // Nothing is due and nothing waits: time to work ahead.
        return CloseOverdue(nowNs) | events > 0 || frames || WorkAhead();
    }

    /// <summary>When the next tick closes by itself, host ns; <see cref="long.MaxValue"/> when only new data can close it.</summary>
    public long NextDueNs => _started && _paced && !_completed ? _boundNs : long.MaxValue;

    /// <summary>Ends the run: what was received and not decoded is booked as such. The sources must have stopped before.</summary>
    public void Finish()
    {
        while (FillBatches() > 0)
        {
            while (NextStream() is { } stream)
                if (stream.Batch[stream.BatchNext++].Kind == EventKind.Spike) stream.Input.Ledger.DropOnDecode(DropReason.RunEnded);
        }

        _window.Clear(DropReason.RunEnded);
    }

    /// <summary>Whether a frame waits that <see cref="Step"/> would take; one of a later window does not count. Decode thread only.</summary>
    public bool HasFrames => _frames is { Ring.Count: > 0 } && _waitingFrameNs < _endNs;

    /// <summary>Checks what can be known before there are streams.</summary>
    /// <exception cref="ArgumentException">Hop, window and decoder do not fit together.</exception>
    public static void Validate(DecodeLoopOptions options, DecoderDescription decoder)
    {
        if (options.HopNs <= 0) throw new ArgumentException($"The hop must be positive; it is {options.HopNs} ns.");
        if (options.WindowNs < options.HopNs) throw new ArgumentException($"The window ({options.WindowNs / 1e6} ms) must not be shorter than the hop ({options.HopNs / 1e6} ms): spikes between two windows would never be decoded.");
        if (options.WindowNs < decoder.WindowNs) throw new ArgumentException($"The window ({options.WindowNs / 1e6} ms) is shorter than the {decoder.WindowNs / 1e6} ms that model '{decoder.Name}' reads.");
        if (decoder.HopNs != 0 && decoder.HopNs != options.HopNs) throw new ArgumentException($"Model '{decoder.Name}' must be called every {decoder.HopNs / 1e6} ms; the hop is {options.HopNs / 1e6} ms.");
        if (options.Limits is { } limits && limits.Count != decoder.Outputs.Count) throw new ArgumentException($"There are {limits.Count} output limits for the {decoder.Outputs.Count} outputs of model '{decoder.Name}'.");
    }

    private int FillBatches()
    {
        var events = 0;
        foreach (var stream in _streams)
        {
            stream.BatchNext = 0;
            stream.BatchCount = stream.Input.Ring.Drain(stream.Batch);
            events += stream.BatchCount;
        }

        return events;
    }

    /// <summary>The stream whose next event arrived first, or null when all batches are done.</summary>
    private StreamState? NextStream()
    {
        if (_streams.Length == 1) return _reference.HasBatch ? _reference : null;
        StreamState? first = null;
        foreach (var stream in _streams)
        {
            if (stream.HasBatch && (first is null || stream.Batch[stream.BatchNext].ArrivalNs < first.Batch[first.BatchNext].ArrivalNs))
                first = stream;
        }

        return first;
    }

    /// <summary>Finds how far the watermarks in the batches reach, so that an overdue tick knows whether a newer one waits behind it.</summary>
    private void LookAhead()
    {
        _lookAheadNs = long.MaxValue;
        foreach (var stream in _streams)
        {
            var newest = stream.WatermarkNs;
            for (var i = stream.BatchCount - 1; i >= stream.BatchNext; i--)
            {
                if (stream.Batch[i].Kind != EventKind.Watermark || !TryDataNs(stream, stream.Batch[i].Sample, out var dataNs)) continue;
                newest = Math.Max(newest, dataNs);
                break;
            }

            _lookAheadNs = Math.Min(_lookAheadNs, newest);
        }
    }

    private void Handle(StreamState stream, in SpikeEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Spike:
                HandleSpike(stream, in e);
                break;
            case EventKind.Watermark:
                HandleWatermark(stream, in e);
                break;
            case EventKind.Restart:
                HandleRestart(stream, e.ArrivalNs);
                break;
            case EventKind.Loss:
                stream.LossNs = Math.Max(stream.LossNs, stream.ProgressNs);
                stream.LossOpen = true;
                break;
            case EventKind.Ttl:
                if (_options.Trials is { } trigger && trigger.Stream == stream.Index && e.Unit == 2 * trigger.Line + 1 && TryDataNs(stream, e.Sample, out var beganNs) && !IsFarAhead(beganNs))
                {
                    _trials.Add(beganNs);
                    Counters.CountTrial();
                }

                break;
        }
    }

    private void HandleSpike(StreamState stream, in SpikeEvent e)
    {
        var isKnown = e.Unit < _units;
        if (isKnown && stream.WatermarkNs == StreamState.Unknown) TellTimeBySpikes(stream, in e);
        if (!TryDataNs(stream, e.Sample, out var dataNs))
        {
            stream.Input.Ledger.DropOnDecode(DropReason.ClockUnknown);
            return;
        }

        if (_started)
        {
            if (dataNs < _endNs - _options.WindowNs)
            {
                stream.Input.Ledger.CountLate();
                stream.Input.Ledger.DropOnDecode(DropReason.TooLate);
                return;
            }

            if (stream.ProgressNs != StreamState.Unknown && dataNs - stream.ProgressNs > _options.MaxGapNs + ElapsedDataNs(stream, e.ArrivalNs))
            {
                stream.Input.Ledger.DropOnDecode(DropReason.TooEarly);
                return;
            }

            if (dataNs < _endNs - _options.HopNs) stream.Input.Ledger.CountLate();
        }

        _tap?.Take(dataNs, e.Unit, stream.Index);
        if (!isKnown)
        {
            // It came for the tap alone.
            stream.Input.Ledger.DropOnDecode(DropReason.UnknownUnit);
            return;
        }

        if (!_window.Insert(dataNs, e.Unit, stream.Index)) _windowFullNs = Math.Max(_windowFullNs, dataNs);
        _lastSpikeArrivalNs = e.ArrivalNs;
        Progress(stream, dataNs);
    }

    /// <summary>
    /// A stream without watermarks (no continuous channel is sent) still has a clock: once spikes have agreed on it for the lateness bound's
    /// time they give it, and its ticks close by the bound. One wild sample number must not: it only begins the wait anew.
    /// </summary>
    private void TellTimeBySpikes(StreamState stream, in SpikeEvent e)
    {
        if (!_paced || stream.CoverageNs != StreamState.Unknown) return;
        var ownNs = stream.Timeline.DataNs(e.Sample);
        var elapsedNs = e.ArrivalNs - stream.FirstSpikeArrivalNs;
        if (stream.FirstSpikeArrivalNs == StreamState.Unknown || Int128.Abs((Int128)ownNs - stream.FirstSpikeNs - (Int128)(elapsedNs * _options.ReplaySpeed)) > _options.MaxGapNs)
        {
            stream.Forget();
            stream.Fit.Reset();
            stream.FirstSpikeArrivalNs = e.ArrivalNs;
            stream.FirstSpikeNs = ownNs;
            elapsedNs = 0;
        }

        stream.Fit.Observe(e.Sample, e.ArrivalNs);
        if (elapsedNs < _options.LatenessNs || !TryDataNs(stream, e.Sample, out var dataNs)) return;
        stream.CoverageNs = dataNs;
        if (!_started) Start();
    }

    private void HandleWatermark(StreamState stream, in SpikeEvent e)
    {
        stream.Fit.Observe(e.Sample + e.Unit, e.ArrivalNs);
        if (!TryDataNs(stream, e.Sample, out var dataNs) || !TryDataNs(stream, e.Sample + e.Unit, out var progressNs)) return;
        if (stream.WatermarkNs != StreamState.Unknown)
        {
            if (dataNs <= stream.WatermarkNs) return;
            if (dataNs - stream.WatermarkNs > _options.MaxGapNs + ElapsedDataNs(stream, e.ArrivalNs))
            {
                // The clock jumped with no time passing: what is in the window belongs to another stretch of time.
                HandleRestart(stream, e.ArrivalNs);
                stream.Fit.Observe(e.Sample + e.Unit, e.ArrivalNs);
            }
        }

        if (stream.CoverageNs == StreamState.Unknown)
        {
            stream.CoverageNs = progressNs;
            stream.ProgressNs = progressNs;
        }

        stream.WatermarkNs = dataNs;
        stream.WatermarkArrivalNs = e.ArrivalNs;
        Progress(stream, progressNs);
        if (!_started) Start();
        CloseByWatermark(e.ArrivalNs);
    }

    private void HandleRestart(StreamState stream, long arrivalNs)
    {
        stream.Fit.Reset();
        stream.Forget();
        if (stream != _reference) return;

        // Data time itself begins anew: nothing that the other streams have said about it holds.
        foreach (var other in _streams) other.Forget();
        _window.Clear(DropReason.Restart);
        _decoder.Reset();
        _trials.Clear();
        Array.Fill(_lastValues, float.NaN);
        _windowFullNs = StreamState.Unknown;
        _lastFrameNs = _waitingFrameNs = StreamState.Unknown;
        if (_started) _epoch++;
        _started = false;
        _tap?.Restart(arrivalNs);
        Counters.CountEpoch();
    }

    private void Start()
    {
        if (_reference.CoverageNs == StreamState.Unknown) return;
        _started = true;
        _boundNs = long.MinValue;
        _endNs = (FloorDivide(_reference.CoverageNs, _options.HopNs) + 1) * _options.HopNs;
        _tap?.Begin(_endNs - _options.HopNs);
        UpdateBound();
    }

    private void Progress(StreamState stream, long dataNs)
    {
        if (stream.LossOpen)
        {
            stream.LossNs = Math.Max(stream.LossNs, dataNs);
            stream.LossOpen = false;
        }

        stream.ProgressNs = Math.Max(stream.ProgressNs, dataNs);
    }

    private void CloseByWatermark(long arrivalNs)
    {
        while (_started && !_completed && WatermarkNs() >= _endNs) Answer(arrivalNs, byBound: false);
    }

    private bool CloseOverdue(long nowNs)
    {
        if (!_started || !_paced || _completed) return false;
        var closed = 0;
        while (!_completed && nowNs >= _boundNs && closed++ < MaxBoundClosingsPerStep)
        {
            _lookAheadNs = nowNs >= BoundOf(_endNs + _options.HopNs) ? _endNs + _options.HopNs : _endNs;
            Answer(_boundNs, byBound: true);
        }

        return closed > 0;
    }

    private long WatermarkNs()
    {
        var lowest = long.MaxValue;
        foreach (var stream in _streams) lowest = Math.Min(lowest, stream.WatermarkNs);
        return lowest;
    }

    private void Answer(long dueNs, bool byBound)
    {
        var startNs = _endNs - _options.WindowNs;
        var answer = new TickAnswer
        {
            Tick = _nextTick,
            Epoch = _epoch,
            DataNs = _endNs,
            Sample = _reference.Timeline.SampleAt(_endNs),
            DueNs = dueNs,
            ClosedNs = _clock.NowNs,
            Flags = FlagsOf(startNs, byBound),
        };
        _window.TrimBefore(startNs, DropReason.TickHeld);

        ReadOnlySpan<float> values;
        if (!HasDataFor(_endNs))
        {
            answer.Status = AnswerStatus.NoData;
            values = _noValues;
            _needsReset = _hasState;
        }
        else if (MustHold(in answer))
        {
            answer.Status = AnswerStatus.Held;
            values = _lastValues;
        }
        else
        {
            values = Decode(startNs, ref answer);
        }

        Send(ref answer, values);
        _tap?.Answered(_endNs, startNs + _options.HopNs, dueNs);
        _nextTick++;
        _endNs += _options.HopNs;
        if (_endNs > _options.LastNs) Volatile.Write(ref _completed, true);
        UpdateBound();
    }

    private float[] Decode(long startNs, ref TickAnswer answer)
    {
        if (_needsReset)
        {
            _decoder.AfterGap();
            _needsReset = false;
        }

        TakeFrames();
        while (_trials.TryTakeBefore(_endNs, out var beganNs)) _decoder.BeginTrial(beganNs);
        var window = _window.View(startNs, _endNs, HasLoss());
        _decoder.Decode(in window, _values);
        _window.MarkDecoded(startNs, _endNs);
        answer.Spikes = window.Units.Length;
        if (_decoder.Description.NeedsTrials && IsSilent(_values))
        {
            // Between trials there is nothing to say: neither a missed tick, nor a value of the last trial.
            answer.Status = AnswerStatus.NoData;
            Counters.CountOutsideTrial();
            return _noValues;
        }

        if (IsValid(_values))
        {
            _values.CopyTo(_lastValues, 0);
            answer.Status = AnswerStatus.Fresh;
            return _values;
        }

        answer.Status = AnswerStatus.Held;
        answer.Flags |= AnswerFlags.Invalid;
        return _lastValues;
    }

    private void Send(ref TickAnswer answer, ReadOnlySpan<float> values)
    {
        answer.DecodedNs = _clock.NowNs;
        answer.EmittedNs = answer.DecodedNs;
        if (_paced)
        {
            answer.AgeNs = answer.EmittedNs - _reference.Fit.HostNs(answer.Sample);
            answer.ClockUncertaintyNs = _reference.Fit.UncertaintyNs(answer.Sample);
            if (!_reference.Fit.IsSettled) answer.Flags |= AnswerFlags.ClockUnsettled;
        }
        else
        {
            answer.AgeNs = answer.EmittedNs - answer.DueNs;
            answer.Flags |= AnswerFlags.ClockUnsettled;
        }

        if (answer.Status == AnswerStatus.Fresh && answer.EmittedNs - answer.DueNs > _options.DeadlineNs) answer.Status = AnswerStatus.Late;
        _sink.Publish(in answer, values);
        Record(in answer);
    }

    private void Record(in TickAnswer answer)
    {
        var sentNs = _clock.NowNs;
        Latencies.Close.Record(answer.ClosedNs - answer.DueNs);
        if (answer.Status is AnswerStatus.Fresh or AnswerStatus.Late) Latencies.Decode.Record(answer.DecodedNs - answer.ClosedNs);
        Latencies.Send.Record(sentNs - answer.EmittedNs);
        Latencies.Total.Record(sentNs - answer.DueNs);
        if (_lastSpikeArrivalNs != StreamState.Unknown) Latencies.LastSpike.Record(sentNs - _lastSpikeArrivalNs);
        _lastSpikeArrivalNs = StreamState.Unknown;
        Latencies.DataAge.Record(answer.AgeNs + sentNs - answer.EmittedNs);
        Counters.Count(in answer);
        if (Counters.Ticks == _options.WarmUpTicks)
        {
            _gcAtWarm = GC.CollectionCount(0);
            _bytesAtWarm = GC.GetAllocatedBytesForCurrentThread();
        }
        else if (Counters.Ticks > _options.WarmUpTicks)
        {
            Counters.GcCollections = GC.CollectionCount(0) - _gcAtWarm;
            Counters.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _bytesAtWarm;
            Counters.MeasuredTicks = Counters.Ticks - _options.WarmUpTicks;
        }
    }

    private AnswerFlags FlagsOf(long startNs, bool byBound)
    {
        var flags = byBound ? AnswerFlags.ClosedByBound : AnswerFlags.None;
        if (_windowFullNs >= startNs) flags |= AnswerFlags.WindowFull;
        foreach (var stream in _streams)
        {
            if (stream.CoverageNs == StreamState.Unknown || stream.CoverageNs > startNs) flags |= AnswerFlags.PartialWindow;
            if (stream.LossOpen || (stream.LossNs != StreamState.Unknown && stream.LossNs >= startNs)) flags |= AnswerFlags.LossInWindow;
        }

        return flags;
    }

    /// <summary>Whether spikes of what the decoder reads, which may be less than the window, may be missing.</summary>
    private bool HasLoss() =>
        (FlagsOf(_endNs - _decoder.Description.WindowNs, byBound: false) & (AnswerFlags.LossInWindow | AnswerFlags.PartialWindow | AnswerFlags.WindowFull)) != 0;

    /// <summary>Gives the decoder the frames of the coming window; those of later ones wait for theirs.</summary>
    private bool TakeFrames()
    {
        if (_frames is null || !_started || _completed) return false;
        var taken = false;
        while (_frames.Ring.TryPeek(out var stamp, out var pixels))
        {
            var sample = stamp.Sample;
            if (sample == FrameStamp.NoSample)
            {
                if (!_reference.Fit.HasEstimate) break;
                sample = _reference.Fit.SampleAt(stamp.ArrivalNs);
            }

            var shownNs = _reference.Timeline.DataNs(sample);
            if (shownNs >= _endNs && !IsFarAhead(shownNs))
            {
                _waitingFrameNs = shownNs;
                break;
            }

            if (IsFarAhead(shownNs) || (_lastFrameNs != StreamState.Unknown && shownNs <= _lastFrameNs)) _frames.Counters.CountTooLate();
            else
            {
                _decoder.TakeFrame(shownNs, pixels);
                _tap?.TakeFrame(shownNs, Math.Max(shownNs, _endNs - _options.HopNs), pixels, stamp.AreBytes);
                _lastFrameNs = shownNs;
                _frames.Counters.CountTaken();
            }

            _frames.Ring.Release();
            taken = true;
        }

        return taken;
    }

    /// <summary>A wild sample number, or one of a stretch of time that is over: what waited for it would wait for ever.</summary>
    private bool IsFarAhead(long dataNs) => _started && dataNs - _endNs > _options.MaxGapNs;

    /// <summary>Lets the decoder do a piece of the coming tick's work.</summary>
    private bool WorkAhead()
    {
        if (!_started || _completed || _needsReset) return false;
        var soFar = _window.View(_endNs - _options.WindowNs, _endNs, hasLoss: false);
        return _decoder.Prepare(in soFar, Math.Min(WatermarkNs(), _endNs));
    }

    private bool HasDataFor(long endNs)
    {
        foreach (var stream in _streams)
            if (stream.ProgressNs > endNs - _options.HopNs) return true;
        return false;
    }

    /// <summary>An overdue tick is held when a newer one waits: decoding it would make that one late as well.</summary>
    private bool MustHold(in TickAnswer answer) =>
        _options.HoldOnOverload && _paced && !_hasState
        && answer.ClosedNs - answer.DueNs > _options.DeadlineNs
        && _lookAheadNs >= _endNs + _options.HopNs;

    private static bool IsSilent(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsNaN(value)) return false;
        return true;
    }

    private bool IsValid(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i])) return false;
            if (_options.Limits is { } limits && (values[i] < limits[i].Min || values[i] > limits[i].Max)) return false;
        }

        return true;
    }

    /// <summary>Reference data time of a sample: by its own timeline, or by way of host time for the other streams.</summary>
    private bool TryDataNs(StreamState stream, long sample, out long dataNs)
    {
        if (stream == _reference)
        {
            dataNs = stream.Timeline.DataNs(sample);
            return true;
        }

        dataNs = 0;
        if (!stream.Fit.HasEstimate || !_reference.Fit.HasEstimate) return false;
        dataNs = _reference.Timeline.DataNs(_reference.Fit.SampleAt(stream.Fit.HostNs(sample)));
        return true;
    }

    /// <summary>Data time that host time since the stream's last watermark accounts for; none when the source is not paced.</summary>
    private long ElapsedDataNs(StreamState stream, long arrivalNs) =>
        _paced && stream.WatermarkNs != StreamState.Unknown ? (long)(Math.Max(0, arrivalNs - stream.WatermarkArrivalNs) * _options.ReplaySpeed) : 0;

    private long BoundOf(long endNs) => _reference.Fit.HostNs(_reference.Timeline.SampleAt(endNs)) + _options.LatenessNs;

    // NB: the fit may move back a little while it settles; the ticks' bounds never do.
    private void UpdateBound() => _boundNs = Math.Max(_boundNs, BoundOf(_endNs));

    private static long FloorDivide(long value, long divisor)
    {
        var quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }
}
