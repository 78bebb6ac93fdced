using System.Buffers.Binary;
using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Replay;

/// <summary>
/// What a replay sends, and in which order: a pure function of session and options (but for the wall clock in the headers, unless that is
/// set).
/// Within a block spikes come first, then the continuous channels, then behaviour. A spike goes out with the block in which its snippet
/// completes, as in the GUI. Nothing is allocated after construction. One thread.
/// </summary>
public sealed class ReplayScript
{
    /// <summary>Processors named in the headers, as a usual signal chain has them.</summary>
    private const int SpikeNode = 103;

    // After the last sample come blocks enough for the last snippet, and for a watermark that passes the end.
    private const int TailSamples = 2 * OpenEphysOptions.SnippetSamples;

    private readonly Session _session;
    private readonly ReplayOptions _options;
    private readonly GuiMessages _messages;
    private readonly byte[][] _streamOfUnit;
    private readonly byte[][] _electrodes;
    private readonly byte[][] _snippets;
    private readonly byte[][] _streams;
    private readonly byte[][] _channels;
    private readonly byte[] _behaviourStream;
    private readonly byte[][] _behaviourNames;
    private readonly byte[] _timeBase;
    private readonly byte[] _behaviour = new byte[sizeof(float)];
    private readonly float[] _threshold = [SpikeSnippets.Threshold];
    private readonly long _from;
    private readonly long _to;
    private readonly long _shift;
    private readonly int _afterPeak;
    private readonly (long Sample, bool State)[] _edges;
    private long _block;
    private int _spike;
    private int _row;
    private int _edge;

    /// <exception cref="ArgumentException">An option is outside its range, or the session cannot be sent that way.</exception>
    public ReplayScript(Session session, ReplayOptions options)
    {
        options.Validate();
        ReplayChecks.Check(session, options);
        _session = session;
        _options = options;
        _messages = new GuiMessages(session.SampleRateHz, options.HeaderClockStartMs);
        BlockSamples = Math.Max(1, (int)Math.Round(session.SampleRateHz * options.BlockMs / 1000));
        _from = session.SampleAt(options.FromSeconds);
        _to = options.ToSeconds is { } to ? session.SampleAt(to) : ReplayChecks.EndOf(session);
        _shift = options.StartSample is { } start ? start - _from : 0;
        _edges = options.TrialLine is null ? [] : [.. session.Segments.SelectMany<TimeRange, (long, bool)>(trial => [(session.SampleAt(trial.Start), true), (session.SampleAt(trial.End), false)])];
        _afterPeak = options.PeaksOnly ? 1 : SpikeSnippets.FromPeak;
        Blocks = (_to - _from + TailSamples + BlockSamples - 1) / BlockSamples;

        var units = session.Units.Units;
        StreamNames = options.Stream is not null ? [options.Stream] : units.Select(unit => unit.Stream).Distinct().ToArray();
        if (StreamNames.Count == 0) StreamNames = ["probe"];
        _streams = StreamNames.Select(GuiJsonWriter.Quote).ToArray();
        _streamOfUnit = units.Select(unit => GuiJsonWriter.Quote(options.Stream ?? unit.Stream)).ToArray();
        _electrodes = units.Select(unit => GuiJsonWriter.Quote(unit.Electrode)).ToArray();
        _snippets = units.Select((_, row) => SpikeSnippets.Of(row, options.PeaksOnly)).ToArray();
        _channels = Enumerable.Range(1, options.Channels).Select(n => GuiJsonWriter.Quote($"CH{n}")).ToArray();
        _behaviourStream = GuiJsonWriter.Quote(options.BehaviourStream ?? "");
        _behaviourNames = session.Behaviour.Select(channel => GuiJsonWriter.Quote(channel.Name)).ToArray();
        _timeBase = new byte[sizeof(float) * BlockSamples];
        Restart();
    }

    /// <summary>Streams that spikes are sent under, in order of appearance.</summary>
    public IReadOnlyList<string> StreamNames { get; }

    public int BlockSamples { get; }

    /// <summary>First sample of the session that is sent.</summary>
    public long FirstSample => _from;

    /// <summary>Sample after the last one.</summary>
    public long EndSample => _to;

    /// <summary>What is added to the session's sample numbers.</summary>
    public long Shift => _shift;

    /// <summary>Blocks of one round.</summary>
    public long Blocks { get; }

    /// <summary>Data time from the start to the end of a block, s: when it is to be sent, at speed 1.</summary>
    public double EndSeconds(long block) => (block + 1) * BlockSamples / _session.SampleRateHz;

    /// <summary>Spikes given out since construction.</summary>
    public long Spikes { get; private set; }

    /// <summary>Trials whose beginning was given out since construction.</summary>
    public long Trials { get; private set; }

    /// <summary>Behaviour rows given out since construction; each is one message per channel.</summary>
    public long BehaviourSamples { get; private set; }

    /// <summary>Messages given out since construction.</summary>
    public long Messages { get; private set; }

    /// <summary>Number of the next block of this round.</summary>
    public long NextBlock => _block;

    /// <summary>Back to the first block: acquisition starts anew.</summary>
    public void Restart()
    {
        _block = 0;
        _messages.Restart();
        _spike = LowerBound(_session.SpikeSamples, _from);
        _row = LowerBound(_session.BehaviourSamples, _from);
        _edge = 0;
        while (_edge < _edges.Length && _edges[_edge].Sample < _from) _edge++;
    }

    /// <summary>Gives out the next block's messages. False, and nothing given, when the round is over.</summary>
    public bool TrySendBlock(IReplaySink sink)
    {
        if (_block == Blocks) return false;
        var start = _from + _block * BlockSamples;
        var end = start + BlockSamples;
        SendTrials(end, sink);
        SendSpikes(end, sink);
        SendTimeBase(start, sink);
        if (_options.BehaviourStream is not null) SendBehaviour(end, sink);
        _block++;
        return true;
    }

    /// <summary>The trial line goes up where a segment begins and down where it ends, on the first stream.</summary>
    private void SendTrials(long end, IReplaySink sink)
    {
        for (; _edge < _edges.Length && _edges[_edge].Sample < Math.Min(end, _to); _edge++)
        {
            var (sample, state) = _edges[_edge];
            var line = (byte)_options.TrialLine!.Value;
            _messages.Ttl(_streams[0], SpikeNode, sample + _shift, line, state, state ? 1UL << line : 0);
            if (state) Trials++;
            Send(sink);
        }
    }

    private void SendSpikes(long end, IReplaySink sink)
    {
        var samples = _session.SpikeSamples;
        for (; _spike < samples.Length && samples[_spike] < _to && samples[_spike] + _afterPeak <= end; _spike++)
        {
            var unit = _session.SpikeUnits[_spike];
            _messages.Spike(
                _streamOfUnit[unit], SpikeNode, _electrodes[unit], samples[_spike] + _shift, _session.Units[unit].SortedId,
                _threshold, _snippets[unit]);
            Spikes++;
            Send(sink);
        }
    }

    /// <summary>A ramp from 0 to 1000 within each second of data time, the same on all channels.</summary>
    private void SendTimeBase(long start, IReplaySink sink)
    {
        if (_channels.Length == 0) return;
        for (var at = 0; at < BlockSamples; at++)
        {
            var second = (start + _shift + at) / _session.SampleRateHz;
            BinaryPrimitives.WriteSingleLittleEndian(_timeBase.AsSpan(sizeof(float) * at), (float)(1000 * (second - Math.Floor(second))));
        }

        foreach (var stream in _streams)
        {
            for (var channel = 0; channel < _channels.Length; channel++)
            {
                _messages.Data(stream, channel, _channels[channel], start + _shift, _timeBase);
                Send(sink);
            }
        }
    }

    private void SendBehaviour(long end, IReplaySink sink)
    {
        var samples = _session.BehaviourSamples;
        for (; _row < samples.Length && samples[_row] < _to && samples[_row] < end; _row++)
        {
            for (var column = 0; column < _behaviourNames.Length; column++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(_behaviour, _session.BehaviourValues[_row * _behaviourNames.Length + column]);
                _messages.Data(_behaviourStream, column, _behaviourNames[column], samples[_row] + _shift, _behaviour);
                Send(sink);
            }

            BehaviourSamples++;
        }
    }

    private void Send(IReplaySink sink)
    {
        sink.Send(_messages.Envelope, _messages.Header, _messages.Payload);
        Messages++;
    }

    private static int LowerBound(long[] ascending, long value)
    {
        int low = 0, high = ascending.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (ascending[middle] < value) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
