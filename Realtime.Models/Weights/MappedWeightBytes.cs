using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Realtime.Models.Weights;

/// <summary>
/// A weight file seen through a read-only memory map: nothing is copied until it is read. Whoever opens it disposes it, after the last use
/// of any span it gave out; one that is never disposed stays mapped until the process ends, so that no span can lose its memory.
/// <para>While the map is open Windows refuses to replace, delete or cut the file. Linux allows all three: a replaced or deleted file goes on
/// being readable here, but reading behind the end of a file that was cut short in place ends the process (SIGBUS). This program writes
/// model files beside their place and moves them there, so it never cuts one; close the map before saving to the same path.</para>
/// Safe for concurrent readers; disposing is not safe beside readers.
/// </summary>
public sealed unsafe class MappedWeightBytes : IWeightBytes, IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly SafeMemoryMappedViewHandle? _handle;
    private readonly byte* _start;
    private bool _disposed;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public MappedWeightBytes(string path)
    {
        // FileShare.Delete lets others move or delete the file where the system can do so beside a map.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            Length = stream.Length;

            // An empty file cannot be mapped, and has nothing to read.
            if (Length == 0)
            {
                stream.Dispose();
                return;
            }

            _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            _handle = _view.SafeMemoryMappedViewHandle;
            byte* start = null;
            _handle.AcquirePointer(ref start);
            _start = start + _view.PointerOffset;
        }
        catch
        {
            _view?.Dispose();
            _file?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>A part of the file; valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part reaches outside the file.</exception>
    /// <exception cref="ObjectDisposedException">The map has been closed.</exception>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset < 0 || length < 0 || offset > Length - length) throw new ArgumentOutOfRangeException(nameof(offset));
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>Closes the map. Spans that were given out must not be used any more.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (_handle is null) return;
        _handle.ReleasePointer();
        _view!.Dispose();
        _file!.Dispose();
    }
}
