namespace Realtime.Interop.Tests.MessagePack;

/// <summary>Our codec against the npm package @msgpack/msgpack with useBigInt64, both ways.</summary>
public class MsgPackJavaScriptTests
{
    private const int Messages = 600;
    private const int Seed = 6;

    [NeedsNodeFact]
    public void JavaScript_reads_what_we_write_to_the_last_bit_of_64()
    {
        using var peer = NodePeer.Start();
        var source = new RandomMessage(Seed, oneKindOfNumber: true);
        for (var i = 0; i < Messages; i++)
        {
            var (message, text) = source.Next(i);
            Assert.Equal(text, MsgPackText.Of(message, oneKindOfNumber: true));
            peer.WriteLine("decode " + Convert.ToHexString(message));
            var answer = peer.ReadLine().Split(' ');
            Assert.Equal(text, answer[0]);
            Assert.Equal(text, MsgPackText.Of(Convert.FromHexString(answer[1]), oneKindOfNumber: true));
        }
    }

    [NeedsNodeFact]
    public void We_read_what_JavaScript_writes_and_it_reads_our_encoding_of_it()
    {
        using var writing = NodePeer.Start();
        using var reading = NodePeer.Start();
        writing.WriteLine($"generate {Seed} {Messages}");
        for (var i = 0; i < Messages; i++)
        {
            var line = writing.ReadLine().Split(' ');
            var message = Convert.FromHexString(line[1]);
            Assert.Equal(line[0], MsgPackText.Of(message, oneKindOfNumber: true));
            reading.WriteLine("decode " + Convert.ToHexString(MsgPackText.Encode(message)));
            Assert.Equal(line[0], reading.ReadLine().Split(' ')[0]);
        }
    }

    [NeedsNodeFact]
    public void A_full_width_integer_is_a_BigInt_in_JavaScript_however_small()
    {
        using var peer = NodePeer.Start();
        var buffer = new byte[32];
        var writer = new Realtime.Acquisition.MessagePack.MsgPackWriter(buffer);
        writer.WriteInt64FullWidth(7);
        peer.WriteLine("decode " + Convert.ToHexString(buffer.AsSpan(0, writer.Written)));

        // The package writes a BigInt as 9 bytes and a Number in its shortest form: what comes back tells which it was.
        Assert.Equal("i7 cf0000000000000007", peer.ReadLine());
        peer.WriteLine("decode 07");
        Assert.Equal("i7 07", peer.ReadLine());
    }
}
