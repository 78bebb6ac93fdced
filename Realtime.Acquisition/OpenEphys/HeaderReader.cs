using System.Text.Json;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>Reads a header's JSON into an <see cref="OpenEphysMessage"/>. The first bad field is reported, yet the rest is read, so that
/// a bad message still gives its kind and its running number.</summary>
internal static class HeaderReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = OpenEphysParser.MaxJsonDepth };

    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A text is not valid Unicode.</exception>
    public static ParseProblem Read(ReadOnlySpan<byte> header, OpenEphysMessage message)
    {
        var json = new Utf8JsonReader(header, Options);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return ParseProblem.HeaderNotObject;
        var problem = ParseProblem.None;
        bool typed = false, known = false, old = false, bodyRead = false;
        Range content = default, spike = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = ParseProblem.None;
            if (json.ValueTextEquals("message_num"u8))
            {
                found = HeaderValue.Integer(ref json, message, OpenEphysFields.MessageNumber);
            }
            else if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                typed = json.TokenType == JsonTokenType.String;
                message.Kind = typed ? KindOf(ref json) : OpenEphysMessageKind.Unknown;
                known = message.Kind != OpenEphysMessageKind.Unknown;
                json.Skip();
            }
            else if (json.ValueTextEquals("content"u8))
            {
                var ours = message.Kind is OpenEphysMessageKind.Data or OpenEphysMessageKind.Event;
                found = Body(ref json, message, ours, ref bodyRead, ref content);
            }
            else if (json.ValueTextEquals("spike"u8))
            {
                found = Body(ref json, message, message.Kind == OpenEphysMessageKind.Spike, ref bodyRead, ref spike);
            }
            else if (json.ValueTextEquals("data_size"u8))
            {
                found = HeaderValue.Integer(ref json, message, OpenEphysFields.DataSize);
            }
            else if (json.ValueTextEquals("timestamp"u8))
            {
                found = HeaderValue.Integer(ref json, message, OpenEphysFields.Timestamp);
            }
            else
            {
                old |= json.ValueTextEquals("message_no"u8);
                json.Skip();
            }

            if (problem == ParseProblem.None) problem = found;
        }

        json.Read(); // throws when anything follows the object
        if (old && !message.Has(OpenEphysFields.MessageNumber)) return ParseProblem.OldGeneration;
        if (!typed) return ParseProblem.MissingType;
        if (!known) return ParseProblem.UnknownType;
        if (!bodyRead)
        {
            var body = message.Kind == OpenEphysMessageKind.Spike ? spike : content;
            if (body.Equals(default)) return ParseProblem.MissingBody;
            var later = new Utf8JsonReader(header[body], Options);
            later.Read();
            var found = ReadBody(ref later, message);
            if (problem == ParseProblem.None) problem = found;
        }

        return problem;
    }

    private static OpenEphysMessageKind KindOf(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("data"u8)) return OpenEphysMessageKind.Data;
        if (json.ValueTextEquals("spike"u8)) return OpenEphysMessageKind.Spike;
        return json.ValueTextEquals("event"u8) ? OpenEphysMessageKind.Event : OpenEphysMessageKind.Unknown;
    }

    /// <summary>Reads the object when the type has said that it is the one, and else notes where it is: the type may follow.</summary>
    private static ParseProblem Body(ref Utf8JsonReader json, OpenEphysMessage message, bool ours, ref bool read, ref Range place)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return ours ? ParseProblem.MistypedField : ParseProblem.None;
        }

        if (ours)
        {
            read = true;
            return ReadBody(ref json, message);
        }

        var start = (int)json.TokenStartIndex;
        json.Skip();
        place = start..(int)json.BytesConsumed;
        return ParseProblem.None;
    }

    private static ParseProblem ReadBody(ref Utf8JsonReader json, OpenEphysMessage message)
    {
        var problem = ParseProblem.None;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = ReadField(ref json, message);
            if (problem == ParseProblem.None) problem = found;
        }

        return problem;
    }

    private static ParseProblem ReadField(ref Utf8JsonReader json, OpenEphysMessage message)
    {
        if (json.ValueTextEquals("stream"u8)) return HeaderValue.Text(ref json, message, OpenEphysFields.Stream);
        if (json.ValueTextEquals("sample_num"u8)) return HeaderValue.Integer(ref json, message, OpenEphysFields.SampleNumber);
        if (json.ValueTextEquals("num_samples"u8)) return HeaderValue.Integer(ref json, message, OpenEphysFields.NumSamples);
        if (json.ValueTextEquals("source_node"u8)) return HeaderValue.Integer(ref json, message, OpenEphysFields.SourceNode);
        if (json.ValueTextEquals("electrode"u8)) return HeaderValue.Text(ref json, message, OpenEphysFields.Electrode);
        if (json.ValueTextEquals("sorted_id"u8)) return HeaderValue.Integer(ref json, message, OpenEphysFields.SortedId);
        if (json.ValueTextEquals("num_channels"u8)) return HeaderValue.Integer(ref json, message, OpenEphysFields.NumChannels);
        if (json.ValueTextEquals("channel_num"u8)) return HeaderValue.Integer(ref json, message, OpenEphysFields.ChannelNumber);
        if (json.ValueTextEquals("channel_name"u8)) return HeaderValue.Text(ref json, message, OpenEphysFields.ChannelName);
        if (json.ValueTextEquals("sample_rate"u8)) return HeaderValue.Rate(ref json, message);
        if (json.ValueTextEquals("type"u8)) return HeaderValue.Integer(ref json, message, OpenEphysFields.EventType);
        json.Skip();
        return ParseProblem.None;
    }
}
