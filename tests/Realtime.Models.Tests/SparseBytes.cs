using Realtime.Models.Weights;

namespace Realtime.Models.Tests;

/// <summary>A file too large for a test's memory: a beginning, then nothing, then an end.</summary>
internal sealed class SparseBytes(byte[] beginning, long rest, byte[] end) : IWeightBytes
{
    public long Length => beginning.Length + rest;

    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        if (offset + length <= beginning.Length) return beginning.AsSpan((int)offset, length);
        return end.AsSpan((int)(offset - (Length - end.Length)), length);
    }
}
