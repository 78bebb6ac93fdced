using System.Buffers.Binary;

namespace Realtime.Acquisition.Replay;

/// <summary>
/// Builds the messages of the ZMQ Interface plugin (GUI 1.0): envelope, JSON header, payload; and keeps their running number. Each call
/// fills
/// <see cref="Envelope"/>, <see cref="Header"/> and <see cref="Payload"/>, which hold until the next one. Allocates nothing. One thread.
/// </summary>
/// <remarks>Format: open-ephys-plugins/zmq-interface, Source/ZmqInterface.cpp. Names come quoted
/// (<see cref="GuiJsonWriter.Quote"/>).</remarks>
public sealed class GuiMessages(double sampleRateHz, long? clockStartMs)
{
    private readonly GuiJsonWriter _json = new();
    private readonly byte[] _ttl = new byte[OpenEphys.OpenEphysParser.TtlPayloadBytes];
    private ReadOnlyMemory<byte> _payload;
    private bool _isData;

    /// <summary>Number of the latest message; 0 before the first.</summary>
    public long MessageNumber { get; private set; }

    public ReadOnlySpan<byte> Envelope => _isData ? "DATA\0"u8 : "EVENT\0"u8;

    public ReadOnlySpan<byte> Header => _json.Written;

    public ReadOnlySpan<byte> Payload => _payload.Span;

    /// <summary>Acquisition starts anew: numbering begins at 1 again.</summary>
    public void Restart() => MessageNumber = 0;

    /// <summary>A block of one continuous channel.</summary>
    /// <param name="stream">Quoted name of the stream.</param>
    /// <param name="channel">Index of the channel in its stream.</param>
    /// <param name="name">Quoted name of the channel.</param>
    /// <param name="firstSample">Sample number of the first sample.</param>
    /// <param name="samples">Little-endian float32 values.</param>
    public void Data(ReadOnlySpan<byte> stream, int channel, ReadOnlySpan<byte> name, long firstSample, ReadOnlyMemory<byte> samples)
    {
        Begin("data"u8, true);
        _json.BeginObject("content"u8);
        _json.Quoted("stream"u8, stream);
        _json.Integer("channel_num"u8, channel);
        _json.Quoted("channel_name"u8, name);
        _json.Integer("num_samples"u8, samples.Length / sizeof(float));
        _json.Integer("sample_num"u8, firstSample);
        _json.Double("sample_rate"u8, sampleRateHz);
        _json.EndObject();
        _json.Integer("data_size"u8, samples.Length);
        End(firstSample, samples);
    }

    /// <summary>A spike.</summary>
    /// <param name="stream">Quoted name of the stream.</param>
    /// <param name="node">Processor that detected the spike.</param>
    /// <param name="electrode">Quoted name of the electrode.</param>
    /// <param name="sample">Sample number of the peak.</param>
    /// <param name="sortedId">Unit number, 0 = unsorted.</param>
    /// <param name="thresholds">One per channel, microvolts.</param>
    /// <param name="snippet">Little-endian float32 values, channel by channel.</param>
    public void Spike(
        ReadOnlySpan<byte> stream, int node, ReadOnlySpan<byte> electrode, long sample, int sortedId,
        ReadOnlySpan<float> thresholds, ReadOnlyMemory<byte> snippet)
    {
        Begin("spike"u8, false);
        _json.BeginObject("spike"u8);
        _json.Quoted("stream"u8, stream);
        _json.Integer("source_node"u8, node);
        _json.Quoted("electrode"u8, electrode);
        _json.Integer("sample_num"u8, sample);
        _json.Integer("num_channels"u8, thresholds.Length);
        _json.Integer("num_samples"u8, snippet.Length / sizeof(float) / thresholds.Length);
        _json.Integer("sorted_id"u8, sortedId);
        _json.BeginArray("threshold"u8);
        foreach (var threshold in thresholds) _json.Double(default, threshold);
        _json.EndArray();
        _json.EndObject();
        End(sample, snippet);
    }

    /// <summary>A change of a TTL line.</summary>
    /// <param name="stream">Quoted name of the stream.</param>
    /// <param name="node">Processor that the event comes from.</param>
    /// <param name="sample">Sample number of the change.</param>
    /// <param name="line">Line, from 0.</param>
    /// <param name="state">New state.</param>
    /// <param name="word">Lines 0..63 after the change.</param>
    public void Ttl(ReadOnlySpan<byte> stream, int node, long sample, byte line, bool state, ulong word)
    {
        _ttl[0] = line;
        _ttl[1] = state ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(_ttl.AsSpan(2), word);
        Begin("event"u8, false);
        _json.BeginObject("content"u8);
        _json.Quoted("stream"u8, stream);
        _json.Integer("source_node"u8, node);
        _json.Integer("type"u8, OpenEphys.OpenEphysParser.TtlEventType);
        _json.Integer("sample_num"u8, sample);
        _json.EndObject();
        _json.Integer("data_size"u8, _ttl.Length);
        End(sample, _ttl);
    }

    private void Begin(ReadOnlySpan<byte> type, bool isData)
    {
        _isData = isData;
        _json.Clear();
        _json.BeginObject();
        _json.Integer("message_num"u8, ++MessageNumber);
        Span<byte> quoted = stackalloc byte[type.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        type.CopyTo(quoted[1..]);
        _json.Quoted("type"u8, quoted);
    }

    private void End(long sample, ReadOnlyMemory<byte> payload)
    {
        var now = clockStartMs is { } start
            ? start + (long)Math.Floor(sample * 1000.0 / sampleRateHz)
            : DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        _json.Integer("timestamp"u8, now);
        _json.EndObject();
        _payload = payload;
    }
}
