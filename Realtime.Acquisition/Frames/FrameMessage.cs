using System.Buffers.Binary;
using Realtime.Acquisition.MessagePack;
using Realtime.Engine.Decoding;
using Realtime.Engine.Frames;

namespace Realtime.Acquisition.Frames;

/// <summary>
/// The message that carries one video frame: "frame", a MessagePack map, pixels row by row (docs/frames.md). Allocates nothing; throws nothing.
/// </summary>
public static class FrameMessage
{
    /// <summary>The first part, to subscribe to.</summary>
    public static ReadOnlySpan<byte> Topic => "frame"u8;

    /// <summary>The format's version that is read.</summary>
    public const int Version = 1;

    private const int Keys = 6;

    /// <summary>Reads a header.</summary>
    /// <param name="header">The second part.</param>
    /// <param name="due">The size that the model reads.</param>
    /// <param name="sample">Sample number on the reference stream, or <see cref="FrameStamp.NoSample"/>.</param>
    /// <param name="number">The sender's running number.</param>
    /// <param name="isByte">Whether pixels are bytes; else float32.</param>
    public static FrameProblem ReadHeader(ReadOnlySpan<byte> header, FrameShape due, out long sample, out long number, out bool isByte)
    {
        (sample, number, isByte) = (FrameStamp.NoSample, 0, false);
        var reader = new MsgPackReader(header);
        if (!reader.TryReadMapHeader(out var count)) return FrameProblem.Header;
        var (version, height, width, seen) = (0, 0, 0, 0);
        var type = FrameProblem.Type;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadString(out var key)) return FrameProblem.Header;
            seen++;
            bool read;
            if (key.SequenceEqual("v"u8)) read = reader.TryReadInt32(out version);
            else if (key.SequenceEqual("seq"u8)) read = reader.TryReadInt64(out number);
            else if (key.SequenceEqual("sample"u8)) read = reader.NextType == MsgPackType.Nil ? reader.TryReadNil() : reader.TryReadInt64(out sample) && sample >= 0;
            else if (key.SequenceEqual("height"u8)) read = reader.TryReadInt32(out height);
            else if (key.SequenceEqual("width"u8)) read = reader.TryReadInt32(out width);
            else if (key.SequenceEqual("dtype"u8))
            {
                read = reader.TryReadString(out var name);
                isByte = name.SequenceEqual("u1"u8);
                if (isByte || name.SequenceEqual("f4"u8)) type = FrameProblem.None;
            }
            else
            {
                seen--;
                read = reader.TrySkip();
            }

            if (!read) return FrameProblem.Header;
        }

        if (seen != Keys || !reader.TryReadEnd()) return FrameProblem.Header;
        if (version != Version) return version > Version ? FrameProblem.Version : FrameProblem.Header;
        return new FrameShape(height, width) != due ? FrameProblem.Shape : type;
    }

    /// <summary>Puts pixels into numbers: bytes as 0 to 255, times <paramref name="scale"/>.</summary>
    /// <param name="bytes">The third part; float32 are little-endian.</param>
    /// <param name="isByte">What they are.</param>
    /// <param name="scale">Factor of every pixel.</param>
    /// <param name="pixels">Filled.</param>
    public static FrameProblem ReadPixels(ReadOnlySpan<byte> bytes, bool isByte, float scale, Span<float> pixels)
    {
        if (bytes.Length != (long)pixels.Length * (isByte ? 1 : sizeof(float))) return FrameProblem.Length;
        var isFinite = true;
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = scale * (isByte ? bytes[i] : BinaryPrimitives.ReadSingleLittleEndian(bytes[(sizeof(float) * i)..]));
            isFinite &= float.IsFinite(pixels[i]);
        }

        return isFinite ? FrameProblem.None : FrameProblem.NotFinite;
    }
}
