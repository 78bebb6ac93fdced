using Realtime.Acquisition.MessagePack;

namespace Realtime.Acquisition.Tests.MessagePack;

/// <summary>Messages that hold every form of the format.</summary>
internal static class MsgPackSamples
{
    /// <summary>One map with every kind and width of value; about 470 bytes.</summary>
    public static byte[] EveryForm()
    {
        var buffer = new byte[1024];
        var writer = new MsgPackWriter(buffer);
        writer.WriteMapHeader(7);
        writer.WriteString("scalars"u8);
        writer.WriteArrayHeader(5);
        writer.WriteNil();
        writer.WriteBoolean(false);
        writer.WriteBoolean(true);
        writer.WriteSingle(0.1f);
        writer.WriteDouble(Math.PI);
        writer.WriteString("unsigned"u8);
        writer.WriteArrayHeader(5);
        foreach (var value in new[] { 7UL, 200UL, 60000UL, 4000000000UL, ulong.MaxValue }) writer.WriteUInt64(value);
        writer.WriteString("signed"u8);
        writer.WriteArrayHeader(6);
        foreach (var value in new[] { -7, -100, -30000, -2000000000L, long.MinValue }) writer.WriteInt64(value);
        writer.WriteInt64FullWidth(3);
        writer.WriteString("text"u8);
        writer.WriteArrayHeader(2);
        writer.WriteString("µm and 🧠".AsSpan());
        writer.WriteString(new string('s', 40));
        writer.WriteString("blocks"u8);
        writer.WriteArrayHeader(16);
        for (var i = 0; i < 16; i++) writer.WriteBinary(new byte[i]);
        writer.WriteString("extensions"u8);
        writer.WriteArrayHeader(8);
        foreach (var hex in (string[])["D405AA", "D505AABB", "D6FF00000001", "D7FF0000000000000001", "D805" + new string('A', 32)])
            writer.WriteRaw(Convert.FromHexString(hex));
        foreach (var hex in (string[])["C70305AABBCC", "C8000105AA", "C90000000105AA"]) writer.WriteRaw(Convert.FromHexString(hex));
        writer.WriteString("nested"u8);
        foreach (var hex in (string[])["DC0001", "DD00000001", "DE0001", "A161", "DF00000001", "DA000162", "DB0000000163"])
            writer.WriteRaw(Convert.FromHexString(hex));
        Assert.Equal(MsgPackError.None, writer.Error);
        return buffer[..writer.Written];
    }
}
