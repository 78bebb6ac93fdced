namespace Realtime.Models.Weights;

/// <summary>The bytes of a weight file, wherever they lie: in memory now, or behind a memory-mapped view. Safe for concurrent
/// readers.</summary>
public interface IWeightBytes
{
    /// <summary>Bytes of the whole file.</summary>
    long Length { get; }

    /// <summary>A part of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part reaches outside the file.</exception>
    ReadOnlySpan<byte> Slice(long offset, int length);
}
