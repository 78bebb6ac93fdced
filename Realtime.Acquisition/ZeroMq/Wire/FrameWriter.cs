using System.Buffers.Binary;

namespace Realtime.Acquisition.ZeroMq.Wire;

/// <summary>Writes ZMTP 3.0 frames: a flags byte, a length of 1 or 8 bytes, the body.</summary>
internal static class FrameWriter
{
    /// <summary>More frames of the same message follow.</summary>
    public const byte More = 0x01;

    /// <summary>The length takes 8 bytes, most significant first.</summary>
    public const byte Long = 0x02;

    /// <summary>A command, not part of a message.</summary>
    public const byte Command = 0x04;

    /// <summary>Bits that must be 0.</summary>
    public const byte Reserved = 0xF8;

    /// <summary>Flags and the long form of the length.</summary>
    public const int MaxHeaderBytes = 9;

    /// <summary>Longest body that the 1-byte length can say.</summary>
    private const int MaxShort = 255;

    /// <summary>Writes one frame and returns its size in bytes. The target must hold the body and <see cref="MaxHeaderBytes"/>.</summary>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> body, byte flags)
    {
        var header = WriteHeader(target, body.Length, flags);
        body.CopyTo(target[header..]);
        return header + body.Length;
    }

    /// <summary>Writes flags and length and returns their size, 2 or 9 bytes.</summary>
    public static int WriteHeader(Span<byte> target, int length, byte flags)
    {
        if (length <= MaxShort)
        {
            target[0] = flags;
            target[1] = (byte)length;
            return 2;
        }

        target[0] = (byte)(flags | Long);
        BinaryPrimitives.WriteInt64BigEndian(target[1..], length);
        return MaxHeaderBytes;
    }
}
