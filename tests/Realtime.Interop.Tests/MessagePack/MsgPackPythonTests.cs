using Realtime.Acquisition.MessagePack;

namespace Realtime.Interop.Tests.MessagePack;

/// <summary>Our codec against Python's msgpack package, both ways.</summary>
public class MsgPackPythonTests
{
    private const int Messages = 600;
    private const int Seed = 5;

    private static readonly MsgPackLimits Shortest = MsgPackText.Limits with { RequireShortestForm = true };

    [NeedsPythonFact("msgpack")]
    public void Python_reads_what_we_write_and_its_encoding_of_it_passes_our_strictest_reading()
    {
        using var peer = PythonPeer.Start("MessagePack/peer.py");
        var source = new RandomMessage(Seed, oneKindOfNumber: false);
        Assert.True(Messages > RandomMessage.Extremes + 400);
        var sameBytes = 0;
        for (var i = 0; i < Messages; i++)
        {
            var (message, text) = source.Next(i);
            Assert.Equal(text, MsgPackText.Of(message, oneKindOfNumber: false, Shortest));
            peer.WriteLine("decode " + Convert.ToHexString(message));
            var answer = peer.ReadLine().Split(' ');
            Assert.Equal(text, answer[0]);
            var encoded = Convert.FromHexString(answer[1]);
            Assert.Equal(text, MsgPackText.Of(encoded, oneKindOfNumber: false, Shortest));
            if (encoded.AsSpan().SequenceEqual(message)) sameBytes++;
            else Assert.Contains((byte)0xCA, message);
        }

        // Python has no float32: messages with one come back as float64, every other byte for byte.
        Assert.True(sameBytes > Messages / 3, $"only {sameBytes} of {Messages} came back byte for byte");
    }

    [NeedsPythonFact("msgpack")]
    public void We_read_what_Python_writes_and_write_it_byte_for_byte()
    {
        using var peer = PythonPeer.Start("MessagePack/peer.py");
        peer.WriteLine($"generate {Seed} {Messages}");
        for (var i = 0; i < Messages; i++)
        {
            var line = peer.ReadLine().Split(' ');
            var message = Convert.FromHexString(line[1]);
            Assert.Equal(line[0], MsgPackText.Of(message, oneKindOfNumber: false, Shortest));
            Assert.Equal(message, MsgPackText.Encode(message));
        }
    }
}
