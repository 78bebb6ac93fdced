using System.Text;
using Realtime.Acquisition.Replay;

namespace Realtime.Acquisition.Tests.Replay;

/// <summary>The captures in the format's description, byte for byte.</summary>
public class GuiMessagesTests
{
    private static readonly byte[] Stream = GuiJsonWriter.Quote("Probe-A");

    private readonly GuiMessages _messages = new(30000, 1700000000000);

    [Fact]
    public void A_continuous_block_has_the_guis_bytes()
    {
        _messages.Data(Stream, 0, GuiJsonWriter.Quote("CH1"), 30000, Convert.FromHexString("000000000000c03f000010c014ae473e"));
        Assert.Equal("DATA\0"u8.ToArray(), _messages.Envelope.ToArray());
        Assert.Equal(
            Lines("""
                {
                  "message_num": 1,
                  "type": "data",
                  "content": {
                    "stream": "Probe-A",
                    "channel_num": 0,
                    "channel_name": "CH1",
                    "num_samples": 4,
                    "sample_num": 30000,
                    "sample_rate": 30000.0
                  },
                  "data_size": 16,
                  "timestamp": 1700000001000
                }
                """),
            Encoding.ASCII.GetString(_messages.Header));
        Assert.Equal(270, _messages.Header.Length);
    }

    [Fact]
    public void A_spike_has_the_guis_bytes()
    {
        _messages.Spike(Stream, 103, GuiJsonWriter.Quote("Electrode 1"), 30021, 2, [-50f], new byte[32]);
        Assert.Equal("EVENT\0"u8.ToArray(), _messages.Envelope.ToArray());
        Assert.Equal(
            Lines("""
                {
                  "message_num": 1,
                  "type": "spike",
                  "spike": {
                    "stream": "Probe-A",
                    "source_node": 103,
                    "electrode": "Electrode 1",
                    "sample_num": 30021,
                    "num_channels": 1,
                    "num_samples": 8,
                    "sorted_id": 2,
                    "threshold": [
                      -50.0
                    ]
                  },
                  "timestamp": 1700000001000
                }
                """),
            Encoding.ASCII.GetString(_messages.Header));
        Assert.Equal(313, _messages.Header.Length);
    }

    [Fact]
    public void A_ttl_change_has_the_guis_bytes()
    {
        _messages.Ttl(Stream, 101, 30017, 3, true, 8);
        Assert.Equal(209, _messages.Header.Length);
        Assert.Equal("03010800000000000000", Convert.ToHexString(_messages.Payload));
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\r\n");
}
