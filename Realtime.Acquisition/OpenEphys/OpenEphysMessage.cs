namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// One parsed message of the ZMQ Interface plugin. Made once and filled anew for each message by <see cref="OpenEphysParser"/>;
/// values hold until the next parse. One thread.
/// </summary>
public sealed class OpenEphysMessage
{
    /// <summary>Names are typed by hand in the GUI; a longer one is no name.</summary>
    public const int MaxNameBytes = 256;

    // A sample number beyond this (4.6e18; 5 million years at 30 kHz) is no count, and sums with it might overflow.
    private const long MaxSampleNumber = 1L << 62;

    // Nine minutes at 30 kHz, and more channels than any probe has.
    private const int MaxSamples = 1 << 24;
    private const int MaxChannels = 1 << 16;

    private readonly byte[] _stream = new byte[MaxNameBytes];
    private readonly byte[] _electrode = new byte[MaxNameBytes];
    private readonly byte[] _channel = new byte[MaxNameBytes];
    private int _streamLength;
    private int _electrodeLength;
    private int _channelLength;

    public OpenEphysMessageKind Kind { get; internal set; }

    /// <summary>The fields that were there. A field that was not reads as 0 or empty.</summary>
    public OpenEphysFields Present { get; private set; }

    /// <summary>False when frame 0 began with none of the known words; the kind comes from the header all the same.</summary>
    public bool EnvelopeKnown { get; internal set; }

    /// <summary>The plugin's running number over all messages, from 1 at each start of acquisition.</summary>
    public long MessageNumber { get; private set; }

    /// <summary>Wall clock of the sending host, ms since 1970. Not for timing.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>Bytes of payload as claimed by the header.</summary>
    public long DataSize { get; private set; }

    /// <summary>First sample of a block; sample of the peak of a spike; sample of an event.</summary>
    public long SampleNumber { get; private set; }

    /// <summary>Samples per channel.</summary>
    public int NumSamples { get; private set; }

    public int NumChannels { get; private set; }

    /// <summary>Index of the continuous channel in its stream.</summary>
    public int ChannelNumber { get; private set; }

    public double SampleRateHz { get; internal set; }

    public int SourceNode { get; private set; }

    /// <summary>The GUI's event code: 3 is TTL.</summary>
    public int EventType { get; private set; }

    /// <summary>Unit number given by the sorter, 0..65535; 0 = unsorted.</summary>
    public int SortedId { get; private set; }

    /// <summary>TTL line, from 0.</summary>
    public int TtlLine { get; internal set; }

    public bool TtlState { get; internal set; }

    /// <summary>Lines 0..63 after the change.</summary>
    public ulong TtlWord { get; internal set; }

    /// <summary>Stream name, UTF-8.</summary>
    public ReadOnlySpan<byte> Stream => _stream.AsSpan(0, _streamLength);

    /// <summary>Electrode name, UTF-8.</summary>
    public ReadOnlySpan<byte> Electrode => _electrode.AsSpan(0, _electrodeLength);

    /// <summary>Continuous channel's name, UTF-8.</summary>
    public ReadOnlySpan<byte> ChannelName => _channel.AsSpan(0, _channelLength);

    public bool Has(OpenEphysFields field) => (Present & field) == field;

    internal void Clear()
    {
        Kind = OpenEphysMessageKind.Unknown;
        Present = OpenEphysFields.None;
        MessageNumber = TimestampMs = DataSize = SampleNumber = 0;
        NumSamples = NumChannels = ChannelNumber = SourceNode = EventType = SortedId = TtlLine = 0;
        _streamLength = _electrodeLength = _channelLength = 0;
        SampleRateHz = 0;
        TtlState = false;
        TtlWord = 0;
    }

    internal void Mark(OpenEphysFields field) => Present |= field;

    /// <summary>The buffer of a text field.</summary>
    internal Span<byte> TextBuffer(OpenEphysFields field) => field switch
    {
        OpenEphysFields.Stream => _stream,
        OpenEphysFields.Electrode => _electrode,
        _ => _channel,
    };

    internal void SetText(OpenEphysFields field, int length)
    {
        switch (field)
        {
            case OpenEphysFields.Stream: _streamLength = length; break;
            case OpenEphysFields.Electrode: _electrodeLength = length; break;
            default: _channelLength = length; break;
        }

        Present |= field;
    }

    /// <summary>False when the value lies outside the field's range.</summary>
    internal bool TrySet(OpenEphysFields field, long value)
    {
        switch (field)
        {
            case OpenEphysFields.MessageNumber when value >= 0: MessageNumber = value; break;
            case OpenEphysFields.Timestamp: TimestampMs = value; break;
            case OpenEphysFields.DataSize when value >= 0: DataSize = value; break;
            case OpenEphysFields.SampleNumber when value is >= -MaxSampleNumber and <= MaxSampleNumber: SampleNumber = value; break;
            case OpenEphysFields.NumSamples when value is >= 0 and <= MaxSamples: NumSamples = (int)value; break;
            case OpenEphysFields.NumChannels when value is >= 0 and <= MaxChannels: NumChannels = (int)value; break;
            case OpenEphysFields.ChannelNumber when value is >= 0 and <= int.MaxValue: ChannelNumber = (int)value; break;
            case OpenEphysFields.SourceNode when value is >= int.MinValue and <= int.MaxValue: SourceNode = (int)value; break;
            case OpenEphysFields.EventType when value is >= int.MinValue and <= int.MaxValue: EventType = (int)value; break;
            case OpenEphysFields.SortedId when value is >= 0 and <= ushort.MaxValue: SortedId = (int)value; break;
            default: return false;
        }

        Present |= field;
        return true;
    }
}
