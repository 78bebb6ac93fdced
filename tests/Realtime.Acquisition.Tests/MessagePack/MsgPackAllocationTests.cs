using Realtime.Acquisition.MessagePack;
using Realtime.Tests;

namespace Realtime.Acquisition.Tests.MessagePack;

public class MsgPackAllocationTests
{
    [Fact]
    public void Writing_reading_skipping_and_refusing_allocate_nothing()
    {
        var buffer = new byte[1024];
        var message = MsgPackSamples.EveryForm();
        var broken = message[..^1];
        Round(buffer, message, broken);
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            for (var i = 0; i < 1000; i++) Round(buffer, message, broken);
        }));
    }

    private static void Round(Span<byte> buffer, byte[] message, byte[] broken)
    {
        var writer = new MsgPackWriter(buffer);
        writer.WriteMapHeader(2);
        writer.WriteString("times"u8);
        writer.WriteArrayHeader(3);
        writer.WriteInt64(long.MinValue);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteSingle(float.NaN);
        writer.WriteString("name".AsSpan());
        writer.WriteBinary(message);

        var reader = new MsgPackReader(buffer[..writer.Written]);
        ulong sum = 0;
        var read = MsgPackWalk.TryRead(ref reader, 8, ref sum) && reader.TryReadEnd();
        var skipper = new MsgPackReader(message);
        var skipped = skipper.TrySkip();
        var refusing = new MsgPackReader(broken);
        var refused = !refusing.TrySkip();
        if (writer.Error != MsgPackError.None || !read || !skipped || !refused)
            throw new InvalidOperationException("The round did not go through.");
    }
}
