using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Realtime.Acquisition.Recordings;

/// <summary>
/// Writes an .npy file row by row while its length is not known yet: each <see cref="Flush"/> appends the rows that have come and then mends the
/// header, so that the file is a whole array after it. Allocates nothing after construction. One thread.
/// </summary>
/// <remarks>A program that is killed between the two leaves rows that the header does not count; <see cref="SessionRepair"/> mends that.</remarks>
public sealed class NpyAppender<T> : IDisposable
    where T : unmanaged
{
    private readonly FileStream _file;
    private readonly int[] _row;
    private readonly int _width;
    private readonly T[] _buffer;
    private readonly byte[] _header = new byte[NpyFixedHeader.Bytes];
    private int _used;

    /// <param name="path">File to make; there must be none.</param>
    /// <param name="row">Lengths of a row's axes, two at most; none for a vector.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public NpyAppender(string path, params int[] row)
    {
        _row = row;
        _width = row.Aggregate(1, (product, axis) => checked(product * axis));
        _buffer = new T[Math.Max(1, NpyElements.ChunkLength / _width) * _width];
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        WriteHeader(0);
    }

    /// <summary>Rows that lie whole in the file and that its header counts.</summary>
    public long Rows { get; private set; }

    private long DataBytes => Rows * _width * Unsafe.SizeOf<T>();

    /// <summary>Adds a row of one number.</summary>
    /// <exception cref="IOException">The buffer was full and could not be written out.</exception>
    public void Add(T value) => Add(new ReadOnlySpan<T>(in value));

    /// <summary>Adds a row.</summary>
    /// <exception cref="IOException">The buffer was full and could not be written out.</exception>
    public void Add(ReadOnlySpan<T> row)
    {
        if (row.Length != _width) throw new ArgumentException($"A row of {_width} numbers is due, not {row.Length}.", nameof(row));
        if (_used == _buffer.Length) Flush();
        row.CopyTo(_buffer.AsSpan(_used));
        _used += row.Length;
    }

    /// <summary>Writes out what has come.</summary>
    /// <exception cref="IOException">It could not be written; the file keeps the rows it had, and what was not written is lost.</exception>
    public void Flush()
    {
        if (_used == 0) return;
        var rows = _used / _width;
        var used = _buffer.AsSpan(0, _used);
        _used = 0;
        try
        {
            NpyElements.ToLittleEndian(used);
            _file.Position = NpyFixedHeader.Bytes + DataBytes;
            _file.Write(MemoryMarshal.AsBytes(used));
            WriteHeader(Rows + rows);
        }
        catch (IOException)
        {
            CutBack();
            throw;
        }

        Rows += rows;
    }

    /// <summary>Closes the file; rows that were not flushed are lost.</summary>
    public void Dispose() => _file.Dispose();

    private void WriteHeader(long rows)
    {
        NpyFixedHeader.Write(_header, NpyDtype.Of<T>() with { BigEndian = false }, rows, _row);
        _file.Position = 0;
        _file.Write(_header);
    }

    /// <summary>Shortening a file takes no room, so it works where the disk is full.</summary>
    private void CutBack()
    {
        try
        {
            _file.SetLength(NpyFixedHeader.Bytes + DataBytes);
            WriteHeader(Rows);
        }
        catch (IOException)
        {
            // The rows that no header counts stay; a repair takes them off.
        }
    }
}
