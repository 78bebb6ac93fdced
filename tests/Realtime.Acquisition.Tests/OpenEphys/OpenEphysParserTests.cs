using System.Text;
using Realtime.Acquisition.OpenEphys;
using Realtime.Tests;

namespace Realtime.Acquisition.Tests.OpenEphys;

public class OpenEphysParserTests
{
    private readonly OpenEphysMessage _message = new();

    [Fact]
    public void A_continuous_block_is_read()
    {
        Assert.Equal(ParseProblem.None, Frames.CapturedData.Parse(_message));
        Assert.Equal(OpenEphysMessageKind.Data, _message.Kind);
        Assert.Equal((1, 0, 4, 30000, 30000.0),
            (_message.MessageNumber, _message.ChannelNumber, _message.NumSamples, _message.SampleNumber, _message.SampleRateHz));
        Assert.Equal("Probe-A", Encoding.UTF8.GetString(_message.Stream));
        Assert.Equal("CH1", Encoding.UTF8.GetString(_message.ChannelName));
        Assert.Equal(1700000001000, _message.TimestampMs);
    }

    [Fact]
    public void A_ttl_change_is_read()
    {
        Assert.Equal(ParseProblem.None, Frames.CapturedTtl.Parse(_message));
        Assert.Equal((OpenEphysMessageKind.Event, 3, 101, 30017L),
            (_message.Kind, _message.EventType, _message.SourceNode, _message.SampleNumber));
        Assert.Equal((3, true, 8UL), (_message.TtlLine, _message.TtlState, _message.TtlWord));
    }

    [Fact]
    public void A_spike_is_read()
    {
        Assert.Equal(ParseProblem.None, Frames.CapturedSpike.Parse(_message));
        Assert.Equal((OpenEphysMessageKind.Spike, 3L, 103, 30021L),
            (_message.Kind, _message.MessageNumber, _message.SourceNode, _message.SampleNumber));
        Assert.Equal((1, 8, 2), (_message.NumChannels, _message.NumSamples, _message.SortedId));
        Assert.Equal("Electrode 1", Encoding.UTF8.GetString(_message.Electrode));
    }

    [Theory]
    [InlineData("EVENT")]
    [InlineData("EVENT\0")]
    [InlineData("DATA\0")]
    [InlineData("SPIKE")]
    public void The_header_decides_the_kind_whatever_the_envelope_says(string envelope)
    {
        var frames = Frames.CapturedSpike with { Envelope = Encoding.Latin1.GetBytes(envelope) };
        Assert.Equal(ParseProblem.None, frames.Parse(_message));
        Assert.True(_message.EnvelopeKnown);
        Assert.Equal(OpenEphysMessageKind.Spike, _message.Kind);
    }

    [Fact]
    public void An_unknown_envelope_is_noted_and_the_message_used()
    {
        Assert.Equal(ParseProblem.None, (Frames.CapturedSpike with { Envelope = "SPK"u8.ToArray() }).Parse(_message));
        Assert.False(_message.EnvelopeKnown);
    }

    [Fact]
    public void Keys_may_come_in_any_order_with_any_white_space()
    {
        var frames = Frames.Of("EVENT", """
            {"timestamp":5,
            "content":{"stream":"not this one"},"spike" : {"threshold":[-50.0,[1,{"a":2}]],"sorted_id":2,"sample_num":30021,"electrode":"E",
              "num_samples":8,"num_channels":1,"stream":"S"},"type":"spike","message_num":3}
            """, new byte[32]);
        Assert.Equal(ParseProblem.None, frames.Parse(_message));
        Assert.Equal((3L, 30021L, 2, 5L), (_message.MessageNumber, _message.SampleNumber, _message.SortedId, _message.TimestampMs));
        Assert.Equal("S", Encoding.UTF8.GetString(_message.Stream));
    }

    [Fact]
    public void Names_are_unescaped_to_utf8()
    {
        var frames = Frames.CapturedSpike.WithHeader(json => json.Replace("Electrode 1", "Elektrode \\u00e4 \\ud83e\\udde0 \\\"x\\\"",
            StringComparison.Ordinal));
        Assert.Equal(ParseProblem.None, frames.Parse(_message));
        Assert.Equal("Elektrode ä 🧠 \"x\"", Encoding.UTF8.GetString(_message.Electrode));
    }

    [Theory]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("\"9007199254740993\"", 9007199254740993)]
    [InlineData("-7", -7)]
    [InlineData("30021.0", 30021)]
    [InlineData("9007199254740993.000", 9007199254740993)]
    [InlineData("3.0e4", 30000)]
    [InlineData("\"30021\"", 30021)]
    public void Sample_numbers_are_exact_in_every_notation(string text, long expected)
    {
        Assert.Equal(ParseProblem.None,
            Frames.CapturedSpike.WithHeader(json => json.Replace("30021", text, StringComparison.Ordinal)).Parse(_message));
        Assert.Equal(expected, _message.SampleNumber);
    }

    [Theory]
    [InlineData("30021", "true", ParseProblem.MistypedField)]
    [InlineData("30021", "\"soon\"", ParseProblem.MistypedField)]
    [InlineData("30021", "\"\"", ParseProblem.MistypedField)]
    [InlineData("30021", "[1]", ParseProblem.MistypedField)]
    [InlineData("30021", "30021.5", ParseProblem.NumberOutOfRange)]
    [InlineData("30021", "9223372036854775807", ParseProblem.NumberOutOfRange)]
    [InlineData("30021", "1e300", ParseProblem.NumberOutOfRange)]
    [InlineData("30021", "null", ParseProblem.MissingSampleNumber)]
    [InlineData("\"sorted_id\": 2", "\"sorted_id\": 65536", ParseProblem.NumberOutOfRange)]
    [InlineData("\"sorted_id\": 2", "\"sorted_id\": -1", ParseProblem.NumberOutOfRange)]
    [InlineData("\"Electrode 1\"", "7", ParseProblem.MistypedField)]
    [InlineData("\"electrode\"", "\"elektrode\"", ParseProblem.MissingElectrode)]
    [InlineData("\"stream\"", "\"strom\"", ParseProblem.MissingStream)]
    [InlineData("\"spike\": {", "\"body\": {", ParseProblem.MissingBody)]
    [InlineData("\"type\": \"spike\"", "\"type\": \"spectrum\"", ParseProblem.UnknownType)]
    [InlineData("\"type\": \"spike\"", "\"type\": 4", ParseProblem.MissingType)]
    [InlineData("\"num_samples\": 8", "\"num_samples\": 9", ParseProblem.SpikePayloadLength)]
    [InlineData("\"num_samples\": 8", "\"num_samples\": 1073741832", ParseProblem.NumberOutOfRange)]
    [InlineData("\"num_channels\": 1", "\"num_channels\": 2", ParseProblem.SpikePayloadLength)]
    [InlineData("\"Electrode 1\"", "\"\\ud800\"", ParseProblem.InvalidText)]
    [InlineData("[-50.0]", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", ParseProblem.HeaderNotJson)]
    public void Each_fault_of_a_spike_has_its_name(string what, string by, ParseProblem problem)
    {
        Assert.Equal(problem, Frames.CapturedSpike.WithHeader(json => json.Replace(what, by, StringComparison.Ordinal)).Parse(_message));
        Assert.NotEqual("unknown problem", ParseProblemText.Of(problem));
    }

    [Fact]
    public void A_bad_spike_still_gives_its_kind_and_number()
    {
        var frames = Frames.CapturedSpike.WithHeader(json => json.Replace("\"sample_num\": 30021", "\"sample_num\": {}",
            StringComparison.Ordinal));
        Assert.Equal(ParseProblem.MistypedField, frames.Parse(_message));
        Assert.Equal((OpenEphysMessageKind.Spike, 3L, 2), (_message.Kind, _message.MessageNumber, _message.SortedId));
    }

    [Fact]
    public void Missing_optional_fields_are_tolerated()
    {
        var frames = Frames.Of("EVENT", """{"type":"spike","spike":{"stream":"S","electrode":"E","sample_num":5}}""", new byte[8]);
        Assert.Equal(ParseProblem.None, frames.Parse(_message));
        Assert.False(_message.Has(OpenEphysFields.MessageNumber));
        Assert.Equal(0, _message.SortedId);
    }

    [Fact]
    public void A_name_longer_than_a_name_can_be_is_refused()
    {
        var longest = new string('x', OpenEphysMessage.MaxNameBytes);
        Assert.Equal(ParseProblem.None,
            Frames.CapturedSpike.WithHeader(json => json.Replace("Electrode 1", longest, StringComparison.Ordinal)).Parse(_message));
        Assert.Equal(ParseProblem.NameTooLong,
            Frames.CapturedSpike.WithHeader(json => json.Replace("Electrode 1", longest + "y", StringComparison.Ordinal)).Parse(_message));
        var escaped = string.Concat(Enumerable.Repeat("\\u00e4", 129));
        Assert.Equal(ParseProblem.NameTooLong,
            Frames.CapturedSpike.WithHeader(json => json.Replace("Electrode 1", escaped, StringComparison.Ordinal)).Parse(_message));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(0)]
    public void A_ttl_payload_of_another_length_is_malformed(int length)
    {
        var frames = Frames.Of("EVENT", """{"type":"event","content":{"stream":"S","type":3,"sample_num":5}}""", new byte[length]);
        Assert.Equal(ParseProblem.TtlPayloadLength, frames.Parse(_message));
    }

    [Fact]
    public void Data_whose_payload_is_not_what_the_header_says_is_malformed()
    {
        Assert.Equal(ParseProblem.DataSizeMismatch, (Frames.CapturedData with { Payload = new byte[12] }).Parse(_message));
        var honestSize = Frames.CapturedData.WithHeader(json => json.Replace("\"num_samples\": 4", "\"num_samples\": 3",
            StringComparison.Ordinal));
        Assert.Equal(ParseProblem.DataPayloadLength, honestSize.Parse(_message));
    }

    [Fact]
    public void Events_of_other_codes_are_no_fault()
    {
        Assert.Equal(ParseProblem.None, Frames.Ttl(1, 5, 0, true, type: 5).Parse(_message));
        Assert.Equal(5, _message.EventType);
    }

    [Fact]
    public void The_old_generation_is_told_by_its_message_no()
    {
        const string header = """{"message_no":1,"type":"data","content":{"n_channels":2,"n_samples":4,"n_real_samples":4}}""";
        var frames = Frames.Of("DATA", header, new byte[32]);
        Assert.Equal(ParseProblem.OldGeneration, frames.Parse(_message));
        Assert.Contains("update the plugin", ParseProblemText.Of(ParseProblem.OldGeneration), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000", "7b7d")]
    [InlineData("0100", "020167000500000045750000")]
    public void The_event_broadcaster_is_recognised(string first, string second)
    {
        var problem = OpenEphysParser.Parse(2, Convert.FromHexString(first), Convert.FromHexString(second), default, _message);
        Assert.Equal(ParseProblem.EventBroadcaster, problem);
        Assert.Contains("5556", ParseProblemText.Of(problem), StringComparison.Ordinal);
    }

    [Fact]
    public void Falcon_output_is_recognised()
    {
        // A FlatBuffers table of nine fields, written by hand: root offset, vtable (22 bytes, with 2 of padding before it), table.
        byte[] frame =
        [
            28, 0, 0, 0, 0, 0,
            22, 0, 12, 0, 4, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            22, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0,
        ];
        Assert.Equal(ParseProblem.FalconOutput, OpenEphysParser.Parse(1, frame, default, default, _message));
    }

    [Fact]
    public void A_lone_frame_has_no_header() =>
        Assert.Equal(ParseProblem.MissingHeader, OpenEphysParser.Parse(1, "DATA\0"u8, default, default, _message));

    [Fact]
    public void An_ending_nul_and_extra_frames_do_no_harm()
    {
        var header = Frames.CapturedSpike.Header.Append((byte)0).ToArray();
        Assert.Equal(ParseProblem.None,
            OpenEphysParser.Parse(7, Frames.CapturedSpike.Envelope, header, Frames.CapturedSpike.Payload, _message));
    }

    [Fact]
    public void Nothing_remains_of_the_message_before()
    {
        Frames.CapturedSpike.Parse(_message);
        Assert.Equal(ParseProblem.HeaderNotJson, Frames.Of("EVENT", "{", []).Parse(_message));
        Assert.Equal((OpenEphysMessageKind.Unknown, 0L, 0L, OpenEphysFields.None),
            (_message.Kind, _message.MessageNumber, _message.SampleNumber, _message.Present));
        Assert.True(_message.Stream.IsEmpty && _message.Electrode.IsEmpty);
    }

    [Fact]
    public void Well_formed_messages_are_parsed_without_allocating()
    {
        Frames[] all =
        [
            Frames.CapturedData, Frames.CapturedTtl, Frames.CapturedSpike,
            Frames.CapturedSpike.WithHeader(json => json.Replace("Electrode 1", "\\u00e4\\u00f6", StringComparison.Ordinal)),
            Frames.CapturedSpike.WithHeader(json => json.Replace("30021", "\"30021\"", StringComparison.Ordinal)),
        ];
        for (var warm = 0; warm < 200; warm++)
            foreach (var frames in all) frames.Parse(_message);
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var round = 0; round < 5_000; round++)
                foreach (var frames in all) frames.Parse(_message);
        }));
    }
}
