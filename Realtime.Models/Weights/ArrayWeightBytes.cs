namespace Realtime.Models.Weights;

/// <summary>A weight file held in one array.</summary>
public sealed class ArrayWeightBytes(byte[] bytes) : IWeightBytes
{
    public long Length => bytes.LongLength;

    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > bytes.LongLength - length) throw new ArgumentOutOfRangeException(nameof(offset));
        return bytes.AsSpan((int)offset, length);
    }
}
