namespace Realtime.Models.Weights;

/// <summary>One entry of a safetensors header.</summary>
/// <param name="Name">The tensor's name, unique in its file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Lengths of the axes, slowest first (row-major); empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the data part.</param>
/// <param name="Length">Bytes.</param>
public sealed record TensorInfo(string Name, TensorType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>Number of elements.</summary>
    public long Count => Length / Type.Size();

    public string ShapeText => TensorShape.Text(Shape);
}
