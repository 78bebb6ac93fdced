using System.Text;
using Realtime.Acquisition.OpenEphys;

namespace Realtime.Acquisition.Tests.OpenEphys;

/// <summary>The frames of one message, as a peer would send them.</summary>
internal sealed record Frames(byte[] Envelope, byte[] Header, byte[] Payload)
{
    /// <summary>The three captures of the format's description (rate 30 kHz, stream Probe-A), JSON written here by hand.</summary>
    public static Frames CapturedData { get; } = Of("DATA\0", """
        {"message_num": 1, "type": "data", "content": {"stream": "Probe-A", "channel_num": 0, "channel_name": "CH1",
         "num_samples": 4, "sample_num": 30000, "sample_rate": 30000.0}, "data_size": 16, "timestamp": 1700000001000}
        """, Convert.FromHexString("000000000000c03f000010c014ae473e"));

    public static Frames CapturedTtl { get; } = Of("EVENT\0", """
        {"message_num": 2, "type": "event", "content": {"stream": "Probe-A", "source_node": 101, "type": 3, "sample_num": 30017},
         "data_size": 10, "timestamp": 1700000001000}
        """, Convert.FromHexString("03010800000000000000"));

    public static Frames CapturedSpike { get; } = Of("EVENT\0", """
        {"message_num": 3, "type": "spike", "spike": {"stream": "Probe-A", "source_node": 103, "electrode": "Electrode 1",
         "sample_num": 30021, "num_channels": 1, "num_samples": 8, "sorted_id": 2, "threshold": [-50.0]}, "timestamp": 1700000001000}
        """, Convert.FromHexString("5a3d54c11357e7c1ad4a49c241b18bc2ff189ac2a5b585c2b17630c2b00999c1"));

    public static Frames Of(string envelope, string header, byte[] payload) =>
        new(Encoding.Latin1.GetBytes(envelope), Encoding.UTF8.GetBytes(header), payload);

    public static Frames Spike(long number, long sample, string electrode = "Electrode 1", int sortedId = 1, string stream = "probe",
        int node = 103) => Of(
        "EVENT\0",
        $$"""
        {"message_num": {{number}}, "type": "spike", "spike": {"stream": "{{stream}}", "source_node": {{node}}, "electrode": "{{electrode}}",
         "sample_num": {{sample}}, "num_channels": 1, "num_samples": 2, "sorted_id": {{sortedId}}, "threshold": [-50.0]}, "timestamp": 17}
        """,
        new byte[8]);

    public static Frames Data(long number, long first, int samples = 300, int channel = 0, string stream = "probe", float value = 0)
    {
        var payload = new byte[4 * samples];
        for (var at = 0; at < samples; at++) BitConverter.TryWriteBytes(payload.AsSpan(4 * at), value + at);
        return Of(
            "DATA\0",
            $$"""
            {"message_num": {{number}}, "type": "data", "content": {"stream": "{{stream}}", "channel_num": {{channel}}, "channel_name": "CH",
             "num_samples": {{samples}}, "sample_num": {{first}}, "sample_rate": 30000.0}, "data_size": {{payload.Length}}, "timestamp": 17}
            """,
            payload);
    }

    public static Frames Ttl(long number, long sample, byte line, bool state, string stream = "probe", int type = 3) => Of(
        "EVENT\0",
        $$"""
        {"message_num": {{number}}, "type": "event", "content": {"stream": "{{stream}}", "source_node": 101, "type": {{type}},
         "sample_num": {{sample}}}, "data_size": 10, "timestamp": 17}
        """,
        [line, state ? (byte)1 : (byte)0, 0, 0, 0, 0, 0, 0, 0, 0]);

    public Frames WithHeader(Func<string, string> change) =>
        this with { Header = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(Header))) };

    public ParseProblem Parse(OpenEphysMessage into) => OpenEphysParser.Parse(3, Envelope, Header, Payload, into);
}
