using System.Buffers.Binary;
using System.Text.Json;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// Parses the multipart messages of Open Ephys' ZMQ Interface plugin (GUI 0.6 and 1.0) in place. Allocates nothing for a well-formed
/// message and throws for none. Depends on no key order, white space or number style; unknown keys, types, event codes and extra frames are
/// ignored. Any thread, one message object per thread.
/// </summary>
/// <remarks>Format: open-ephys-plugins/zmq-interface, Source/ZmqInterface.cpp.</remarks>
public static class OpenEphysParser
{
    /// <summary>The GUI's event code for TTL changes.</summary>
    public const int TtlEventType = 3;

    /// <summary>Headers have some 300 bytes; a spike of a template sorter with 384 thresholds about 10 000.</summary>
    public const int MaxHeaderBytes = 1 << 17;

    /// <summary>Headers nest three deep; the rest is room for keys of later versions.</summary>
    public const int MaxJsonDepth = 16;

    /// <summary>Bytes of a TTL payload: line, state, word of lines 0..63.</summary>
    public const int TtlPayloadBytes = 10;

    /// <summary>Parses one message.</summary>
    /// <param name="frameCount">Frames the message has; those after the third are ignored.</param>
    /// <param name="envelope">Frame 0, with or without the ending NUL.</param>
    /// <param name="header">Frame 1, JSON text; empty when there is none.</param>
    /// <param name="payload">Frame 2; empty when there is none.</param>
    /// <param name="message">Filled as far as the message could be read: the kind and the running number often are known for a bad one
    /// too.</param>
    public static ParseProblem Parse(
        int frameCount, ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, OpenEphysMessage message)
    {
        message.Clear();
        message.EnvelopeKnown = envelope.StartsWith("DATA"u8) || envelope.StartsWith("EVENT"u8) || envelope.StartsWith("SPIKE"u8);
        if (!message.EnvelopeKnown)
        {
            var foreign = ForeignPlugin.Recognise(frameCount, envelope, header);
            if (foreign != ParseProblem.None) return foreign;
        }

        if (frameCount < 2) return ParseProblem.MissingHeader;
        if (header.Length > MaxHeaderBytes) return ParseProblem.HeaderTooLong;
        var problem = ReadHeader(header.TrimEnd((byte)0), message);
        return problem != ParseProblem.None ? problem : CheckBody(payload, message);
    }

    // NB: the JSON reader reports bad text by exceptions only. They stay in here, and cost a bad message some 20 microseconds.
    private static ParseProblem ReadHeader(ReadOnlySpan<byte> header, OpenEphysMessage message)
    {
        try
        {
            return HeaderReader.Read(header, message);
        }
        catch (JsonException)
        {
            return ParseProblem.HeaderNotJson;
        }
        catch (InvalidOperationException)
        {
            return ParseProblem.InvalidText;
        }
    }

    private static ParseProblem CheckBody(ReadOnlySpan<byte> payload, OpenEphysMessage message)
    {
        if (!message.Has(OpenEphysFields.Stream)) return ParseProblem.MissingStream;
        if (!message.Has(OpenEphysFields.SampleNumber)) return ParseProblem.MissingSampleNumber;
        if (message.Kind == OpenEphysMessageKind.Spike) return CheckSpike(payload, message);
        if (message.Has(OpenEphysFields.DataSize) && message.DataSize != payload.Length) return ParseProblem.DataSizeMismatch;
        return message.Kind == OpenEphysMessageKind.Data ? CheckData(payload, message) : CheckEvent(payload, message);
    }

    private static ParseProblem CheckSpike(ReadOnlySpan<byte> payload, OpenEphysMessage message)
    {
        if (!message.Has(OpenEphysFields.Electrode)) return ParseProblem.MissingElectrode;
        var honest = message.Has(OpenEphysFields.NumChannels | OpenEphysFields.NumSamples)
            ? payload.Length == 4L * message.NumChannels * message.NumSamples
            : payload.Length % 4 == 0;
        return honest ? ParseProblem.None : ParseProblem.SpikePayloadLength;
    }

    private static ParseProblem CheckData(ReadOnlySpan<byte> payload, OpenEphysMessage message)
    {
        if (!message.Has(OpenEphysFields.NumSamples)) return ParseProblem.MissingSampleCount;
        return payload.Length == 4L * message.NumSamples ? ParseProblem.None : ParseProblem.DataPayloadLength;
    }

    private static ParseProblem CheckEvent(ReadOnlySpan<byte> payload, OpenEphysMessage message)
    {
        if (!message.Has(OpenEphysFields.EventType)) return ParseProblem.MissingEventType;
        if (message.EventType != TtlEventType) return ParseProblem.None;
        if (payload.Length != TtlPayloadBytes) return ParseProblem.TtlPayloadLength;
        message.TtlLine = payload[0];
        message.TtlState = payload[1] != 0;
        message.TtlWord = BinaryPrimitives.ReadUInt64LittleEndian(payload[2..]);
        return ParseProblem.None;
    }
}
