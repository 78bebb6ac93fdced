using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Events;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;
using Realtime.Engine.Time;

namespace Realtime.Host.Running.Recording;

/// <summary>
/// Writes what a run receives into its run folder as a session: the spikes that the decode loop took, at the times it took them for, and the behaviour
/// and video frames that came with them. A restart of the source begins another session. A disk that fails ends the recording and nothing else. Recorder
/// thread only, but for the construction.
/// </summary>
public sealed class SessionRecorder : IDisposable
{
    // 8 s of a 1 kHz tracker whose channels do not keep step.
    private const int WaitingRows = 8192;

    // Spikes of the usual windows many times over; it grows when that is not enough.
    private const int WaitingSpikes = 1 << 17;

    // Behaviour of a 1 kHz tracker with 4 channels for 16 s, while ticks wait.
    private const int WaitingValues = 65_536;

    private readonly SessionRecorderOptions _options;
    private readonly RecordingTap _tap;
    private readonly SampleTimeline _timeline;
    private readonly SpikeOrder _order = new(WaitingSpikes);
    private readonly SpscRing<BehaviourSample> _behaviour = new(WaitingValues);
    private readonly TappedEvent[] _batch = new TappedEvent[1024];
    private readonly List<string> _folders = [];
    private readonly RecordedUnits _units;
    private readonly FrameRecorder? _frames;
    private int _unitsDescribed;
    private BehaviourRows? _rows;
    private SessionAppender? _session;
    private BehaviourSample _next;
    private bool _hasNext;
    private bool _channelsKnown;
    private int _channels;
    private long _firstArrivalNs;
    private long _startNs;
    private long _coveredNs;
    private long _originSample;
    private long _endNs;
    private long _handledHostNs;
    private long _epochHostNs;
    private long _added;
    private long _spikes;
    private long _behaviourRows;
    private long _outside;
    private long _notWritten;
    private long _lostValues;
    private volatile string? _failure;

    /// <param name="options">What to record, and where.</param>
    /// <param name="tap">Filled by the decode thread; this recorder is its only consumer.</param>
    public SessionRecorder(SessionRecorderOptions options, RecordingTap tap)
    {
        (_options, _tap) = (options, tap);
        _timeline = new SampleTimeline(options.OriginSample, options.SampleRateHz);
        _units = new RecordedUnits(options.Units, options.UnknownUnit);
        if (tap.Frames is { } frames) _frames = new FrameRecorder(frames);
    }

    /// <summary>What ended the recording, or null while it works. Any thread.</summary>
    public string? Failure => _failure;

    /// <summary>Takes a behaviour value, in the order of arrival.</summary>
    public void AddBehaviour(in BehaviourSample sample)
    {
        // A restart is known by its time of arrival.
        if (sample.Channel == BehaviourSample.RestartChannel || _failure is not null) return;
        if (!_channelsKnown)
        {
            // Once the first channel has come a second time, every channel has been seen.
            _channels = Math.Max(_channels, sample.Channel + 1);
            if (sample.Channel == 0 && _firstArrivalNs == 0) _firstArrivalNs = sample.ArrivalNs;
            else if (sample.Channel == 0 && sample.ArrivalNs != _firstArrivalNs) _channelsKnown = true;
        }

        if (!_behaviour.TryWrite(in sample)) _lostValues++;
    }

    /// <summary>Takes what is in the ring and writes what is settled.</summary>
    public void Take()
    {
        int count;
        while ((count = _tap.Ring.Drain(_batch)) > 0)
        {
            for (var i = 0; i < count; i++) Guarded(in _batch[i]);
        }

        if (_failure is not null) return;
        try
        {
            TakeBehaviour(_handledHostNs, finish: false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem.Message);
        }
    }

    /// <summary>Writes out what has been taken; ends the recording where the disk has too little room left.</summary>
    public void Flush()
    {
        if (_session is null || _failure is not null) return;
        try
        {
            DescribeUnits();
            _session.Flush();
            if (_options.FreeBytes() < _options.MinimumFreeBytes) Fail("the disk is nearly full; the room that is left is kept for predictions and report");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem.Message);
        }
    }

    /// <summary>Takes what is left and completes the session. The decode thread and all behaviour must have come to their end.</summary>
    public void Stop()
    {
        Take();
        if (_failure is not null) return;
        try
        {
            Finish(long.MaxValue);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem.Message);
        }
    }

    /// <summary>What was recorded. Read after <see cref="Stop"/>.</summary>
    public Reports.RecordingReport Report() => new()
    {
        Folders = [.. _folders],
        Spikes = _spikes,
        OutsideSpikes = _outside,
        LostSpikes = _tap.Lost + _notWritten,
        BehaviourRows = _behaviourRows,
        LostBehaviourValues = _lostValues,
        Frames = _frames?.Written ?? 0,
        OutsideFrames = _frames?.Outside ?? 0,
        LostFrames = _tap.FramesLost + (_frames?.Lost ?? 0),
        Failure = _failure ?? "",
    };

    /// <inheritdoc/>
    public void Dispose() => _session?.Dispose();

    private void Guarded(in TappedEvent item)
    {
        if (_failure is not null)
        {
            if (item.Kind == TappedEventKind.Spike) _notWritten++;
            if (item.Kind == TappedEventKind.Frame) TakeFrame(in item);
            _frames?.Drop(asLost: true);
            return;
        }

        try
        {
            Handle(in item);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Fail(problem.Message);
        }
    }

    private void Handle(in TappedEvent item)
    {
        switch (item.Kind)
        {
            case TappedEventKind.Spike:
                _order.Add(item.DataNs, _units.RowOf(item.Unit, item.Stream));
                break;
            case TappedEventKind.Frame:
                TakeFrame(in item);
                break;
            case TappedEventKind.Begin:
                Begin(item.DataNs);
                break;
            case TappedEventKind.Answered:
                (_endNs, _handledHostNs) = (item.DataNs, item.HostNs);
                WriteSpikes(item.SettledNs);
                if (_session is not null) _frames?.Write(_session, _startNs, _originSample, in _timeline);
                break;
            case TappedEventKind.Restart:
                Finish(item.HostNs);
                break;
        }
    }

    private void TakeFrame(in TappedEvent item) => _frames!.Take(item.DataNs, item.SettledNs);

    private void Begin(long startNs)
    {
        _startNs = SessionOrigin.Of(startNs - _options.FrameReachNs, _options.HopNs, _options.SampleRateHz);
        _originSample = _timeline.SampleAt(_startNs);
        _coveredNs = _endNs = startNs;
        var folder = _folders.Count == 0 ? _options.Folder : $"{_options.Folder}-{_folders.Count + 1}";
        _session = new SessionAppender(folder, $"{_options.Name}{(_folders.Count == 0 ? "" : $"-{_folders.Count + 1}")}", _units.All, _options.SampleRateHz, new JsonObject
        {
            ["run"] = _options.Name,
            ["first_sample"] = _originSample,
            ["hop_ns"] = _options.HopNs,
        });
        _unitsDescribed = _units.All.Count;
        _folders.Add(folder);
    }

    private void WriteSpikes(long beforeNs)
    {
        while (_order.TryTake(beforeNs, out var dataNs, out var unit))
        {
            if (_session is null || dataNs < _coveredNs || dataNs >= _endNs) _outside++;
            else
            {
                _added++;
                _session.AddSpike(_timeline.SampleAt(dataNs) - _originSample, unit);
            }
        }
    }

    /// <summary>Writes the behaviour that arrived before <paramref name="hostNs"/>: what came later may belong to another epoch.</summary>
    private void TakeBehaviour(long hostNs, bool finish)
    {
        if (_session is null || !_channelsKnown && !finish) return;
        while (TryNext(hostNs, out var sample))
        {
            if (sample.ArrivalNs < _epochHostNs)
            {
                // It was handed over after its epoch's session had been closed.
                _lostValues++;
                continue;
            }

            if (_rows is null) BeginBehaviour();
            if (_timeline.DataNs(sample.Sample) < _coveredNs) continue;
            if (!_rows!.Add(sample.Sample, sample.Channel, sample.Value)) _lostValues++;
            WriteRows(all: false);
        }

        if (finish) WriteRows(all: true);
    }

    private void WriteRows(bool all)
    {
        var end = _timeline.SampleAt(_endNs);
        while (_rows is not null && _rows.TryTake(end, all, out var sample, out var row)) _session!.AddBehaviour(sample - _originSample, row);
    }

    /// <summary>Before their spikes are written out, so that a killed run's session names every unit that has spikes.</summary>
    private void DescribeUnits()
    {
        if (_unitsDescribed == _units.All.Count) return;
        _session!.SetUnits(_units.All);
        _unitsDescribed = _units.All.Count;
    }

    private void BeginBehaviour()
    {
        _channelsKnown = true;
        var names = _options.ChannelNames();
        _rows = new BehaviourRows(_channels, WaitingRows);
        _session!.BeginBehaviour([.. Enumerable.Range(0, _channels).Select(channel =>
            _options.Channel(channel < names.Count ? names[channel] : $"channel_{channel}"))]);
    }

    private bool TryNext(long beforeHostNs, out BehaviourSample sample)
    {
        if (!_hasNext) _hasNext = _behaviour.TryRead(out _next);
        sample = _next;
        if (!_hasNext || sample.ArrivalNs >= beforeHostNs) return false;
        _hasNext = false;
        return true;
    }

    private void Finish(long hostNs)
    {
        if (_session is { } session)
        {
            TakeBehaviour(hostNs, finish: true);
            WriteSpikes(long.MaxValue);
            _frames?.Drop(asLost: false);
            DescribeUnits();
            session.Complete(new TimeRange((_coveredNs - _startNs) * 1e-9, (_endNs - _startNs) * 1e-9), new JsonObject { ["lost_spikes"] = _tap.Lost, ["lost_behaviour_values"] = _lostValues, ["lost_frames"] = _tap.FramesLost + (_frames?.Lost ?? 0) });
            Close();
        }
        else
        {
            _outside += _order.Count;
            while (TryNext(hostNs, out _))
            {
                // Behaviour of an epoch that never answered a tick.
            }
        }

        _order.Clear();
        _rows = null;
        (_handledHostNs, _epochHostNs) = (0, hostNs);
    }

    private void Close()
    {
        _spikes += _session!.Spikes;
        _notWritten += _added - _session.Spikes;
        _added = 0;
        _behaviourRows += _session.BehaviourRows;
        _frames?.Close(_session.Frames);
        _session.Dispose();
        _session = null;
    }

    private void Fail(string problem)
    {
        var folder = _session is null ? null : _folders[^1];
        _notWritten += _order.Count;
        _frames?.Drop(asLost: true);
        if (_session is not null) Close();
        try
        {
            // The files may differ by what one of them could no longer take.
            if (folder is not null && SessionRepair.IsNeeded(folder)) SessionRepair.Repair(folder);
        }
        catch (Exception more) when (more is IOException or UnauthorizedAccessException or SessionFormatException)
        {
            problem += $" (and the session could not be completed: {more.Message})";
        }

        _failure = problem;
    }
}
