using System.Globalization;

namespace Realtime.Models.Weights;

/// <summary>Takes the tensors of one model out of a file of weights, each checked for shape and for numbers that are not finite. Any thread.</summary>
public sealed class WeightReader(SafetensorsFile file)
{
    public string File => file.Name;

    public bool Has(string tensor) => file.Tensors.ContainsKey(tensor);

    /// <summary>Names of all tensors that begin with <paramref name="prefix"/>, in ordinal order.</summary>
    public IEnumerable<string> Names(string prefix) =>
        file.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Length of one axis of a tensor whose other axes are checked when it is read.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor or axis, or the axis does not fit 31 bits.</exception>
    public int Axis(string tensor, int axis)
    {
        var info = file.Info(tensor);
        if (axis >= info.Shape.Count || info.Shape[axis] > int.MaxValue)
            throw new ModelFormatException(file.Name, tensor, $"has shape {info.ShapeText}; axis {axis} is due.", "The file is not of this kind of model.");
        return (int)info.Shape[axis];
    }

    /// <summary>A floating point tensor as float32, row-major.</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, of another shape, or holds NaN or infinity.</exception>
    public float[] Floats(string tensor, params ReadOnlySpan<long> shape)
    {
        CheckShape(tensor, shape);
        var values = file.Floats(tensor);
        var at = Array.FindIndex(values, value => !float.IsFinite(value));
        if (at < 0) return values;
        throw new ModelFormatException(file.Name, tensor,
            $"holds {values[at].ToString(CultureInfo.InvariantCulture)} at index {at}; all numbers must be finite.",
            "The training diverged or the file is damaged: take an earlier checkpoint.");
    }

    /// <summary>A tensor of 64-bit whole numbers, row-major.</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, of another shape, or not I64.</exception>
    public long[] Longs(string tensor, params ReadOnlySpan<long> shape)
    {
        CheckShape(tensor, shape);
        return file.Longs(tensor);
    }

    private void CheckShape(string tensor, ReadOnlySpan<long> shape)
    {
        var info = file.Info(tensor);
        if (shape.SequenceEqual(info.Shape.ToArray())) return;
        throw new ModelFormatException(file.Name, tensor,
            $"has shape {info.ShapeText}, but the configuration asks for {TensorShape.Text(shape.ToArray())}.",
            "Weights and configuration are not of one model: check the configuration, or export both again.");
    }
}
