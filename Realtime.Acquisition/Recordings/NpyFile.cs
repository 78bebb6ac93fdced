using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Realtime.Acquisition.Recordings;

/// <summary>
/// Reads and writes NumPy's .npy files. Source: numpy.lib.format (versions 1.0, 2.0, 3.0). Pickled objects are never read,
/// and memory is taken only after the header's claim has been held against the file's length.
/// </summary>
public static class NpyFile
{
    private const int HeaderAlignment = 64;

    /// <summary>The head alone, checked against the file's length.</summary>
    /// <exception cref="SessionFormatException">The file is missing, unreadable or no such array.</exception>
    public static NpyHeader ReadHeader(string path)
    {
        using var stream = Open(path);
        return Guarded(path, () => NpyHeaderReader.Read(stream, path));
    }

    /// <summary>
    /// The whole array as <typeparamref name="T"/>, in C order. Integers are read from any integer type, floats from any of the ten types;
    /// an integer that does not fit is refused by its index.
    /// </summary>
    /// <exception cref="SessionFormatException">The file is missing, unreadable, no such array, or of another kind of number.</exception>
    public static NpyArray<T> Read<T>(string path) where T : unmanaged, INumber<T>
    {
        using var stream = Open(path);
        return Guarded(path, () =>
        {
            var header = NpyHeaderReader.Read(stream, path);
            var values = ReadElements<T>(stream, header, path);
            return new NpyArray<T>(header.FortranOrder ? ToRowMajor(values, header) : values, header);
        });
    }

    /// <summary>Writes version 1.0, little-endian, C order. An existing file is replaced.</summary>
    /// <param name="path">File to write; its folder must exist.</param>
    /// <param name="values">Elements, last index fastest.</param>
    /// <param name="shape">Length of each axis; its product is the number of elements.</param>
    /// <exception cref="ArgumentException">The shape does not hold that many elements.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        var axes = shape.ToArray();
        if (axes.Aggregate(1L, (product, axis) => checked(product * axis)) != values.Length)
            throw new ArgumentException($"Shape {NpyHeader.FormatShape(axes)} does not hold {values.Length} elements.", nameof(shape));
        var dtype = NpyDtype.Of<T>() with { BigEndian = false };
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        stream.Write(HeaderBytes(dtype, axes));
        var chunk = new T[NpyElements.ChunkLength];
        for (var done = 0; done < values.Length; done += chunk.Length)
        {
            var part = values[done..Math.Min(values.Length, done + chunk.Length)];
            part.CopyTo(chunk);
            NpyElements.ToLittleEndian(chunk.AsSpan(0, part.Length));
            stream.Write(MemoryMarshal.AsBytes(chunk.AsSpan(0, part.Length)));
        }
    }

    private static byte[] HeaderBytes(NpyDtype dtype, long[] shape)
    {
        var text = $"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {NpyHeader.FormatShape(shape)}, }}";
        var total = (10 + text.Length + 1 + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        text = text.PadRight(total - 11) + "\n";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8)];
        return [.. start, .. Encoding.ASCII.GetBytes(text)];
    }

    private static T[] ReadElements<T>(Stream stream, NpyHeader header, string path) where T : unmanaged, INumber<T>
    {
        if (NpyDtype.Of<T>().IsInteger && !header.Dtype.IsInteger)
            throw new SessionFormatException(path, $"Whole numbers were expected, but the dtype is {header.Dtype}.",
                "Save the array with .astype(numpy.int32).");
        return (header.Dtype.Kind, header.Dtype.Size) switch
        {
            (NpyKind.Float, 8) => NpyElements.Read<double, T>(stream, header, path),
            (NpyKind.Float, _) => NpyElements.Read<float, T>(stream, header, path),
            (NpyKind.Signed, 8) => NpyElements.Read<long, T>(stream, header, path),
            (NpyKind.Signed, 4) => NpyElements.Read<int, T>(stream, header, path),
            (NpyKind.Signed, 2) => NpyElements.Read<short, T>(stream, header, path),
            (NpyKind.Signed, _) => NpyElements.Read<sbyte, T>(stream, header, path),
            (_, 8) => NpyElements.Read<ulong, T>(stream, header, path),
            (_, 4) => NpyElements.Read<uint, T>(stream, header, path),
            (_, 2) => NpyElements.Read<ushort, T>(stream, header, path),
            _ => NpyElements.Read<byte, T>(stream, header, path),
        };
    }

    private static T[] ToRowMajor<T>(T[] columns, NpyHeader header) where T : unmanaged
    {
        var (rowCount, columnCount) = ((int)header.Shape[0], (int)header.Shape[1]);
        var rows = new T[columns.Length];
        for (var row = 0; row < rowCount && columns.Length > 0; row++)
            for (var column = 0; column < columnCount; column++) rows[row * columnCount + column] = columns[column * rowCount + row];
        return rows;
    }

    private static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Guarded(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
    }

    private static TResult Guarded<TResult>(string path, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SessionFormatException(path, "The file does not exist.",
                "Check the path, and docs/session-layout.md for the files a session has.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SessionFormatException(path, string.Create(CultureInfo.InvariantCulture, $"The file can't be read: {e.Message}"),
                "Check that it is a file, that you may read it, and that no other program is writing it.", e);
        }
    }
}
