namespace Realtime.Models.Weights;

/// <summary>Arithmetic and wording of shapes.</summary>
internal static class TensorShape
{
    public static string Text(IEnumerable<long> shape) => "[" + string.Join(", ", shape) + "]";

    /// <summary>Bytes of a tensor; false when a length is negative or the product does not fit 63 bits.</summary>
    public static bool TryBytes(IReadOnlyList<long> shape, TensorType type, out long bytes)
    {
        // A zero anywhere makes the product zero whatever the other axes are, but each axis must still be a length.
        bytes = type.Size();
        foreach (var length in shape)
        {
            if (length < 0 || Math.BigMul(bytes, length, out var low) != 0 || low < 0) return false;
            bytes = low;
        }

        return true;
    }
}
