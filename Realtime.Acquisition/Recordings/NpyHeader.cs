using System.Globalization;

namespace Realtime.Acquisition.Recordings;

/// <summary>What the head of an .npy file says, already checked against the file's length.</summary>
/// <param name="Dtype">Element type.</param>
/// <param name="FortranOrder">True where the first index runs fastest.</param>
/// <param name="Shape">Length of each axis; empty for a single number.</param>
/// <param name="DataOffset">Byte at which the elements start.</param>
/// <param name="Count">Number of elements, the product of the shape.</param>
public sealed record NpyHeader(NpyDtype Dtype, bool FortranOrder, IReadOnlyList<long> Shape, long DataOffset, long Count)
{
    /// <summary>The shape as Python writes it: <c>(3,)</c>, <c>(4, 2)</c>.</summary>
    public string ShapeText => FormatShape(Shape);

    /// <summary>True for [N], and for the [N, 1] or [1, N] that MATLAB writes for a vector.</summary>
    public bool IsVector => Shape.Count == 1 || (Shape.Count == 2 && (Shape[0] == 1 || Shape[1] == 1));

    internal static string FormatShape(IReadOnlyList<long> shape)
    {
        var axes = string.Join(", ", shape.Select(axis => axis.ToString(CultureInfo.InvariantCulture)));
        return shape.Count == 1 ? $"({axes},)" : $"({axes})";
    }
}
