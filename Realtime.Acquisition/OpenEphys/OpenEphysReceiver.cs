using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Engine.Events;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// Turns messages of the ZMQ Interface plugin into events of one stream, without a socket and without reading a clock. Every spike
/// message is counted
/// received in the ledger, and is then written to the ring or dropped for one reason. A message so broken that its type cannot be read is
/// counted as malformed, but cannot be known to be a spike. Receiving thread only, but for <see cref="Snapshot"/>.
/// </summary>
public sealed class OpenEphysReceiver
{
    // A decode thread that makes no room for so long has stopped; the spike is then dropped and counted.
    private const int LongestWaitForRoomMs = 2000;

    private readonly OpenEphysOptions _options;
    private readonly UnitMap _units;
    private readonly SpscRing<SpikeEvent> _ring;
    private readonly SpscRing<BehaviourSample>? _behaviourRing;
    private readonly StreamLedger _ledger;
    private readonly byte[]? _behaviourStream;
    private readonly OpenEphysMessage _message = new();
    private readonly OpenEphysCounters _counters = new();
    private readonly MessageSequence _sequence = new();
    private readonly BackwardsWatch _backwards = new();
    private readonly PendingMarkers _markers = new();
    private readonly UnknownUnits _unknown = new();
    private readonly SourceNodes _nodes;
    private readonly ProblemLog _log;
    private byte[]? _stream;
    private volatile string? _streamName;
    private readonly BehaviourNames _behaviourNames = new();
    private long _watermark = long.MinValue;
    private bool _fromFirstMessage;
    private bool _behaviourRestartPending;
    private bool _otherStreamTold;
    private bool _nodesTold;

    /// <param name="options">Validated by this constructor.</param>
    /// <param name="units">From received names to rows.</param>
    /// <param name="ring">Takes the stream's events; this is its only producer.</param>
    /// <param name="ledger">The stream's books.</param>
    /// <param name="behaviourRing">Takes the behaviour stream's samples; null: they are counted as of another stream.</param>
    /// <param name="logger">For troubles, at a bounded rate.</param>
    public OpenEphysReceiver(
        OpenEphysOptions options, UnitMap units, SpscRing<SpikeEvent> ring, StreamLedger ledger,
        SpscRing<BehaviourSample>? behaviourRing = null, ILogger? logger = null)
    {
        options.Validate();
        _options = options;
        _units = units;
        _ring = ring;
        _ledger = ledger;
        _behaviourRing = behaviourRing;
        _behaviourStream = options.BehaviourStream is null ? null : Encoding.UTF8.GetBytes(options.BehaviourStream);
        _nodes = new SourceNodes(units.Units.Count);
        _log = new ProblemLog(logger ?? NullLogger.Instance, $"{options.Host}:{options.Port}");
        if (options.Stream is not null) Adopt(Encoding.UTF8.GetBytes(options.Stream));
    }

    /// <summary>Names of the behaviour stream's channels, by number, as far as they have been seen without a gap. Any thread.</summary>
    public IReadOnlyList<string> BehaviourChannels => _behaviourNames.Names;

    /// <summary>The unit that the model does not know whose spikes carry that row, counted from the first after the model's. Any thread; allocates.</summary>
    public UnitId UnknownUnit(int place) => _unknown.At(place);

    /// <summary>Monotonic host time of the last message; 0 before the first. Any thread.</summary>
    public long LastMessageNs => Volatile.Read(ref _counters.LastMessageNs);

    /// <summary>Takes one message. Allocates nothing in steady state, never throws.</summary>
    /// <param name="frameCount">Frames the message has.</param>
    /// <param name="envelope">Frame 0.</param>
    /// <param name="header">Frame 1, or empty.</param>
    /// <param name="payload">Frame 2, or empty.</param>
    /// <param name="arrivalNs">Monotonic host time of the message's last byte.</param>
    public void Receive(int frameCount, ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, long arrivalNs)
    {
        _counters.Messages++;
        _counters.Bytes += envelope.Length + header.Length + payload.Length;
        Volatile.Write(ref _counters.LastMessageNs, arrivalNs);
        var problem = OpenEphysParser.Parse(frameCount, envelope, header, payload, _message);
        Follow(arrivalNs);
        if (!_message.EnvelopeKnown) _counters.UnknownEnvelopes++;
        if (problem != ParseProblem.None)
        {
            Refuse(problem, arrivalNs);
            return;
        }

        CountMissingFields();
        switch (_message.Kind)
        {
            case OpenEphysMessageKind.Spike: TakeSpike(arrivalNs); break;
            case OpenEphysMessageKind.Data: TakeData(payload, arrivalNs); break;
            default: TakeEvent(arrivalNs); break;
        }
    }

    /// <summary>To be called now and then while nothing arrives: markers that a full ring has kept back are written when there is
    /// room.</summary>
    public void Idle()
    {
        if (_markers.Any) _markers.TryFlush(_ring);
    }

    /// <summary>The connection has been made anew; whoever answers may be another program.</summary>
    public void NewConnection() => _log.NewPeer();

    /// <summary>The state by now. Any thread; allocates.</summary>
    public OpenEphysStatistics Snapshot() => _counters.Snapshot() with
    {
        Stream = _streamName,
        SourceNodeConflicts = _nodes.Conflicts,
        LastProblem = _log.Last,
        UnknownUnits = _unknown.List(),
        OtherUnknownUnitSpikes = _unknown.Others,
    };

    /// <summary>Follows the running number, which counts all messages: bad ones and those of other streams too.</summary>
    private void Follow(long arrivalNs)
    {
        if (!_message.Has(OpenEphysFields.MessageNumber))
        {
            _sequence.Unnumbered();
            return;
        }

        if (_counters.FirstMessageNumber < 0) _counters.FirstMessageNumber = _message.MessageNumber;
        _counters.LastMessageNumber = _message.MessageNumber;
        var step = _sequence.Next(_message.MessageNumber);
        if (_message.MessageNumber == 1) _fromFirstMessage = true;
        else if (step == SequenceStep.Restart || _sequence.Lost > 0) _fromFirstMessage = false;
        switch (step)
        {
            case SequenceStep.InOrder: return;
            case SequenceStep.Duplicate: _counters.Duplicates++; return;
            case SequenceStep.Restart: Restart(arrivalNs); break;
        }

        if (_sequence.Lost == 0) return;
        _counters.Lost += _sequence.Lost;
        _ledger.CountLostUpstream(_sequence.Lost);
        _markers.AddLoss(_sequence.Lost, arrivalNs);
        _markers.TryFlush(_ring);
    }

    private void Restart(long arrivalNs)
    {
        _counters.Restarts++;
        _ledger.CountRestart();
        _watermark = long.MinValue;
        _backwards.Reset();
        _nodes.Forget();
        _markers.AddRestart(arrivalNs);
        _markers.TryFlush(_ring);
        _behaviourRestartPending = _behaviourRing is not null;
        _options.Wake?.Set();
    }

    private void Refuse(ParseProblem problem, long arrivalNs)
    {
        var count = ++_counters.ByProblem[(int)problem];
        if (_message.Kind == OpenEphysMessageKind.Spike)
        {
            _counters.Spikes++;
            _ledger.CountReceived();
            _ledger.DropOnReceive(DropReason.Malformed);
        }

        _log.Report(problem, count, arrivalNs);
    }

    private void CountMissingFields()
    {
        const OpenEphysFields Common = OpenEphysFields.MessageNumber | OpenEphysFields.Timestamp;
        var expected = _message.Kind switch
        {
            OpenEphysMessageKind.Spike => Common | OpenEphysFields.SourceNode | OpenEphysFields.SortedId
                | OpenEphysFields.NumChannels | OpenEphysFields.NumSamples,
            OpenEphysMessageKind.Data => Common | OpenEphysFields.DataSize | OpenEphysFields.ChannelNumber
                | OpenEphysFields.ChannelName | OpenEphysFields.SampleRate,
            _ => Common | OpenEphysFields.DataSize | OpenEphysFields.SourceNode,
        };
        if (!_message.Has(expected)) _counters.WithoutOptionalFields++;
    }

    private void TakeSpike(long arrivalNs)
    {
        _counters.Spikes++;
        _ledger.CountReceived();
        if (!IsOurs())
        {
            _counters.OtherStreamMessages++;
            _ledger.DropOnReceive(DropReason.OtherStream);
            return;
        }

        if (!_units.TryGetRow(_message.Stream, _message.Electrode, _message.SortedId, out var row))
        {
            _unknown.CountSpike(_message.Stream, _message.Electrode, _message.SortedId, out var place);
            if (!_options.ForwardUnknown || place < 0) _ledger.DropOnReceive(DropReason.UnknownUnit);
            else if (!TryWrite(SpikeEvent.Spike(_message.SampleNumber, _units.Units.Count + place, arrivalNs))) _ledger.DropOnReceive(DropReason.RingFull);
        }
        else
        {
            if (_message.Has(OpenEphysFields.SourceNode) && _nodes.Conflict(row, _message.SourceNode)) TellNodes(row);
            if (!TryWrite(SpikeEvent.Spike(_message.SampleNumber, row, arrivalNs))) _ledger.DropOnReceive(DropReason.RingFull);
        }

        EventWatermark(arrivalNs);
    }

    private void TakeEvent(long arrivalNs)
    {
        if (_message.EventType != OpenEphysParser.TtlEventType)
        {
            _counters.UnknownEventCodes++;
            return;
        }

        _counters.Ttls++;
        if (!IsOurs())
        {
            _counters.OtherStreamMessages++;
            return;
        }

        if (_options.ForwardTtl && !TryWrite(SpikeEvent.Ttl(_message.SampleNumber, _message.TtlLine, _message.TtlState, arrivalNs)))
            _counters.TtlsRingFull++;
        EventWatermark(arrivalNs);
    }

    private void TakeData(ReadOnlySpan<byte> payload, long arrivalNs)
    {
        _counters.DataMessages++;
        if (IsBehaviour())
        {
            TakeBehaviour(payload, arrivalNs);
            return;
        }

        if (!IsOurs())
        {
            _counters.OtherStreamMessages++;
            return;
        }

        if (_message.Has(OpenEphysFields.SampleRate))
            Volatile.Write(ref _counters.SampleRateBits, BitConverter.DoubleToInt64Bits(_message.SampleRateHz));
        if (_backwards.Next(_message.SampleNumber, _message.NumSamples, _message.SampleRateHz))
        {
            Restart(arrivalNs);
            _fromFirstMessage = false;
            _counters.RestartsBySample++;
        }

        if (_watermark == long.MinValue && _fromFirstMessage)
        {
            // Acquisition has been followed from its first message: nothing before this block exists, and all of it is covered.
            Watermark(_message.SampleNumber, 0, arrivalNs);
        }

        if (Watermark(_message.SampleNumber + _message.NumSamples, _options.WatermarkSlackSamples, arrivalNs)) _counters.DataBlocks++;
    }

    private void TakeBehaviour(ReadOnlySpan<byte> payload, long arrivalNs)
    {
        if (_behaviourRing is null)
        {
            _counters.OtherStreamMessages++;
            return;
        }

        if (_behaviourRestartPending && !_behaviourRing.TryWrite(new BehaviourSample(0, float.NaN, BehaviourSample.RestartChannel, arrivalNs)))
        {
            _counters.BehaviourRingFull += _message.NumSamples;
            return;
        }

        _behaviourRestartPending = false;
        if (_message.Has(OpenEphysFields.ChannelName)) _behaviourNames.Note(_message.ChannelNumber, _message.ChannelName);
        for (var at = 0; at < _message.NumSamples; at++)
        {
            var value = BinaryPrimitives.ReadSingleLittleEndian(payload[(4 * at)..]);
            var sample = new BehaviourSample(_message.SampleNumber + at, value, _message.ChannelNumber, arrivalNs);
            if (_behaviourRing.TryWrite(sample)) _counters.BehaviourSamples++;
            else _counters.BehaviourRingFull++;
        }
    }

    private void EventWatermark(long arrivalNs)
    {
        if (_options.EventWatermarkSlackSamples is { } slack) Watermark(_message.SampleNumber, slack, arrivalNs);
    }

    /// <summary>Writes a watermark when it advances. One that the ring cannot take is not kept: the next block brings a later
    /// one.</summary>
    private bool Watermark(long seen, int slack, long arrivalNs)
    {
        var sample = seen - slack;
        if (sample <= _watermark || !TryWrite(SpikeEvent.Watermark(sample, slack, arrivalNs))) return false;
        _watermark = sample;
        _options.Wake?.Set();
        return true;
    }

    private bool TryWrite(in SpikeEvent item)
    {
        if ((!_markers.Any || _markers.TryFlush(_ring)) && _ring.TryWrite(item)) return true;
        return _options.WaitForRoom && WriteWhenThereIsRoom(in item);
    }

    /// <summary>For sources that are not paced: keeps the sender waiting, through TCP, until the decode thread has made room.</summary>
    private bool WriteWhenThereIsRoom(in SpikeEvent item)
    {
        var giveUp = Environment.TickCount64 + LongestWaitForRoomMs;
        while (Environment.TickCount64 < giveUp)
        {
            _options.Wake?.Set();
            Thread.Sleep(1);
            if ((!_markers.Any || _markers.TryFlush(_ring)) && _ring.TryWrite(item)) return true;
        }

        return false;
    }

    private bool IsBehaviour() => _behaviourStream is not null && _message.Stream.SequenceEqual(_behaviourStream);

    private bool IsOurs()
    {
        if (_stream is null)
        {
            if (IsBehaviour()) return false;
            Adopt(_message.Stream.ToArray());
        }

        if (_message.Stream.SequenceEqual(_stream)) return true;
        if (!_otherStreamTold) TellOtherStream();
        return false;
    }

    private void Adopt(byte[] stream)
    {
        _stream = stream;
        _streamName = Encoding.UTF8.GetString(stream);
    }

    private void TellOtherStream()
    {
        _otherStreamTold = true;
        _log.Report($"messages of stream '{Encoding.UTF8.GetString(_message.Stream)}' arrive, but this source reads '{_streamName}'; "
            + "they are counted and dropped. The stream is chosen in the ZMQ Interface plugin's settings and in the rig config");
    }

    private void TellNodes(int row)
    {
        if (_nodesTold) return;
        _nodesTold = true;
        _log.Report(_nodes.Describe(row, _message.SourceNode, _message.Electrode));
    }
}
