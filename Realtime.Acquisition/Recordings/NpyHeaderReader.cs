using System.Buffers.Binary;
using System.Text;

namespace Realtime.Acquisition.Recordings;

/// <summary>Reads and checks the head of an .npy file, format versions 1.0, 2.0 and 3.0.</summary>
internal static class NpyHeaderReader
{
    // A plain array's header takes 118 bytes; version 1.0 can't hold more than this, and nothing read here needs more.
    private const int MaxHeaderBytes = 65_535;

    private const string DamagedRemedy = "Save the array again with numpy.save, or copy the file again.";

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Leaves the stream at the first element.</summary>
    /// <exception cref="SessionFormatException">The head is damaged, of an unread kind, or at odds with the file's length.</exception>
    public static NpyHeader Read(Stream stream, string path)
    {
        var (text, offset) = ReadText(stream, path);
        var parsed = Parse(text, path);
        if (!NpyDtype.TryParse(parsed.Descr!, out var dtype, out var problem))
            throw new SessionFormatException(path, $"Numbers were expected, but {problem}",
                "Convert the array with .astype(...) and save it again.");
        var shape = parsed.Shape!;
        var count = CountElements(shape, path);
        CheckLength(path, stream.Length - offset, dtype, shape, count);
        if (parsed.FortranOrder!.Value && shape.Count > 2)
            throw new SessionFormatException(path,
                $"The array is in Fortran order with {shape.Count} axes; only 1 or 2 are read in that order.",
                "Save numpy.ascontiguousarray(array) instead.");
        // With one axis both orders are the same.
        return new NpyHeader(dtype, parsed.FortranOrder.Value && shape.Count == 2, shape, offset, count);
    }

    private static (string Text, long Offset) ReadText(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[12];
        var got = stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false);
        if (got < 10 || !start[..6].SequenceEqual(Magic))
            throw new SessionFormatException(path, "An .npy file starts with \\x93NUMPY and a version; this one does not.",
                got == 0 ? "The file is empty: copy or save it again." : DamagedRemedy);
        var (major, minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0)
            throw new SessionFormatException(path,
                $"It has .npy format version {major}.{minor}; versions 1.0, 2.0 and 3.0 are read.", DamagedRemedy);
        var offset = 10;
        uint length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (major > 1)
        {
            if (stream.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false) < 2)
                throw new SessionFormatException(path, "The file ends inside its header.", DamagedRemedy);
            offset = 12;
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }

        if (length > MaxHeaderBytes)
            throw new SessionFormatException(path, $"The header claims {length} bytes; at most {MaxHeaderBytes} are read.", DamagedRemedy);
        if (offset + length > stream.Length)
            throw new SessionFormatException(path,
                $"The header claims {length} bytes, but the file has {stream.Length} in all.", DamagedRemedy);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        // Version 3.0 differs from 2.0 only in this encoding.
        return ((major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes), offset + length);
    }

    private static NpyHeaderText Parse(string text, string path)
    {
        try
        {
            return NpyHeaderText.Parse(text);
        }
        catch (FormatException e)
        {
            throw new SessionFormatException(path, $"The header {e.Message}.", DamagedRemedy, e);
        }
    }

    private static long CountElements(List<long> shape, string path)
    {
        if (shape.Contains(0)) return 0;
        UInt128 count = 1;
        foreach (var axis in shape)
        {
            count *= (UInt128)axis;
            if (count > (UInt128)Array.MaxLength)
                throw new SessionFormatException(path,
                    $"The header claims shape {NpyHeader.FormatShape(shape)}; at most {Array.MaxLength} elements are read.",
                    "Split the recording into shorter sessions, or save the array again if the header is damaged.");
        }

        return (long)count;
    }

    private static void CheckLength(string path, long found, NpyDtype dtype, List<long> shape, long count)
    {
        var expected = count * dtype.Size;
        if (found == expected) return;
        var problem = $"Shape {NpyHeader.FormatShape(shape)} of {dtype} takes {expected} bytes, but {found} follow the header.";
        throw new SessionFormatException(path, problem, found < expected
            ? "The file is cut short: copy it again, or save it again from its source."
            : "The file holds more than it says, as when it is written to while being read: save it again with numpy.save.");
    }
}
