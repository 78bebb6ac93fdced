namespace Realtime.Acquisition.OpenEphys;

/// <summary>Says what is wrong with a message, and what to do where something can be done.</summary>
public static class ParseProblemText
{
    /// <summary>A constant text; nothing is allocated.</summary>
    public static string Of(ParseProblem problem) => problem switch
    {
        ParseProblem.None => "",
        ParseProblem.MissingHeader => "message has no header frame",
        ParseProblem.HeaderTooLong => "header frame is far longer than any header of the ZMQ Interface plugin",
        ParseProblem.HeaderNotJson => "header is not JSON, is cut short, or nests too deeply",
        ParseProblem.HeaderNotObject => "header is no JSON object",
        ParseProblem.InvalidText => "a text in the header is not valid Unicode",
        ParseProblem.NameTooLong => "a stream, electrode or channel name is longer than 256 bytes; shorten it in the GUI",
        ParseProblem.OldGeneration =>
            "the peer is a ZMQ Interface plugin of the 0.5 generation (its headers have message_no), which cannot be read: "
            + "update the plugin to 0.3.2 or later for GUI 0.6, or 1.0 for GUI 1.0",
        ParseProblem.MissingType => "header has no field 'type'",
        ParseProblem.UnknownType => "header's 'type' is neither data, event nor spike; the message is ignored",
        ParseProblem.MissingBody => "header has no object 'content' (data, event) or 'spike' (spike)",
        ParseProblem.MissingStream => "header has no field 'stream'",
        ParseProblem.MissingElectrode => "spike header has no field 'electrode'",
        ParseProblem.MissingSampleNumber => "header has no field 'sample_num'",
        ParseProblem.MissingSampleCount => "data header has no field 'num_samples'",
        ParseProblem.MissingEventType => "event header has no field 'type' in its content",
        ParseProblem.MistypedField => "a header field has the wrong kind of value (text for a number, or the reverse)",
        ParseProblem.NumberOutOfRange => "a number in the header lies outside what its field can hold",
        ParseProblem.SpikePayloadLength => "spike payload is not 4 x channels x samples bytes",
        ParseProblem.DataPayloadLength => "continuous payload is not 4 x samples bytes",
        ParseProblem.TtlPayloadLength => "TTL payload is not 10 bytes",
        ParseProblem.DataSizeMismatch => "payload's length is not what the header's data_size says",
        ParseProblem.EventBroadcaster =>
            "this port belongs to the Event Broadcaster plugin, which sends no continuous data and numbers no messages: "
            + "add the ZMQ Interface plugin to the signal chain and give its data port (5556 unless it was taken; its settings show it)",
        ParseProblem.FalconOutput =>
            "this port (3335 by default) belongs to the Falcon Output plugin, which sends no spikes: "
            + "add the ZMQ Interface plugin to the signal chain and give its data port (5556 unless it was taken; its settings show it)",
        _ => "unknown problem",
    };

    /// <summary>True when the peer is not a plugin that can be read at all, so that every further message will fail alike.</summary>
    public static bool IsWrongPeer(ParseProblem problem) =>
        problem is ParseProblem.OldGeneration or ParseProblem.EventBroadcaster or ParseProblem.FalconOutput;
}
