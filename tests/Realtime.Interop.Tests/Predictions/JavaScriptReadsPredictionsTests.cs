using Realtime.Acquisition.Predictions;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Interop.Tests.MessagePack;

namespace Realtime.Interop.Tests.Predictions;

public class JavaScriptReadsPredictionsTests
{
    [NeedsNodeFact]
    public void Each_64_bit_field_is_a_BigInt_and_each_32_bit_field_a_Number_from_the_first_message_on()
    {
        var writer = new PredictionMessageWriter("run", "wiener", "hash", [new OutputChannel("x", "cm")], 30_000, 0);
        var buffer = new byte[writer.MaxBytes];
        var answer = new TickAnswer { Status = AnswerStatus.Held, Flags = AnswerFlags.Invalid, Spikes = 70_000 };
        var first = writer.Write(answer, [0.5f], buffer);
        using var peer = NodePeer.Start();
        peer.WriteLine("decode " + Convert.ToHexString(buffer.AsSpan(0, first)));
        var reply = peer.ReadLine().Split(' ');
        Assert.Equal(MsgPackText.Of(buffer.AsSpan(0, first), oneKindOfNumber: true), reply[0]);

        // The package writes a BigInt as 9 bytes (cf and 8 of the number) and a Number in its shortest form.
        var encoded = Convert.FromHexString(reply[1]);
        string[] wide = ["tick", "data_ns", "sample", "emitted_ns", "wall_ns", "age_ns", "clock_uncertainty_ns"];
        foreach (var key in wide) Assert.Equal("cf0000000000000000", ValueOf(encoded, key));
        Assert.Equal("08", ValueOf(encoded, "flags"));
        Assert.Equal("00", ValueOf(encoded, "epoch"));
        Assert.Equal("ce00011170", ValueOf(encoded, "spikes"));
    }

    private static string ValueOf(byte[] message, string key)
    {
        var reader = new Acquisition.MessagePack.MsgPackReader(message);
        Assert.True(reader.TryReadMapHeader(out var entries));
        for (var i = 0; i < entries; i++)
        {
            Assert.True(reader.TryReadString(out var found));
            var wanted = System.Text.Encoding.UTF8.GetString(found) == key;
            var start = reader.Position;
            Assert.True(reader.TrySkip());
            if (wanted) return Convert.ToHexStringLower(message.AsSpan(start, reader.Position - start));
        }

        return "";
    }
}
