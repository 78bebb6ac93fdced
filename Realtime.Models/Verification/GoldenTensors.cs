using Realtime.Models.Weights;

namespace Realtime.Models.Verification;

/// <summary>Reads input tensors of a golden folder with their shapes checked.</summary>
internal static class GoldenTensors
{
    private const string Next = "Export the inputs again.";

    /// <summary>Lengths of the axes of a tensor that must have that many.</summary>
    public static int[] Shape(this SafetensorsFile file, string tensor, int axes)
    {
        var info = file.Info(tensor);
        if (info.Shape.Count != axes || info.Shape.Any(length => length > int.MaxValue) || info.Count > int.MaxValue)
            throw new ModelFormatException(file.Name, tensor, $"has shape {info.ShapeText}; {axes} axes are due.", Next);
        return [.. info.Shape.Select(length => (int)length)];
    }

    public static void NeedShape(this SafetensorsFile file, string tensor, params ReadOnlySpan<int> shape)
    {
        var due = shape.ToArray().Select(length => (long)length).ToArray();
        var info = file.Info(tensor);
        if (!info.Shape.SequenceEqual(due)) throw new ModelFormatException(file.Name, tensor, $"has shape {info.ShapeText}; {TensorShape.Text(due)} is due.", Next);
    }

    /// <summary>I64 tensor whose values must be rows of a table.</summary>
    public static int[] Indices(this SafetensorsFile file, string tensor, int rows, params ReadOnlySpan<int> shape)
    {
        file.NeedShape(tensor, shape);
        var values = file.Longs(tensor);
        var at = Array.FindIndex(values, value => value < 0 || value >= rows);
        if (at >= 0) throw new ModelFormatException(file.Name, tensor, $"holds {values[at]} at index {at}; its table has {rows} rows.", Next);
        return Array.ConvertAll(values, value => (int)value);
    }

    /// <summary>F64 or F32 tensor of finite times.</summary>
    public static double[] Times(this SafetensorsFile file, string tensor, params ReadOnlySpan<int> shape)
    {
        file.NeedShape(tensor, shape);
        var values = file.Doubles(tensor);
        var at = Array.FindIndex(values, value => !double.IsFinite(value));
        if (at >= 0) throw new ModelFormatException(file.Name, tensor, $"holds {values[at]} at index {at}; times must be finite.", Next);
        return values;
    }

    /// <summary>BOOL tensor, or null where there is none of that name.</summary>
    public static bool[]? Mask(this SafetensorsFile file, string tensor, params ReadOnlySpan<int> shape)
    {
        if (!file.Tensors.TryGetValue(tensor, out var info)) return null;
        file.NeedShape(tensor, shape);
        if (info.Type is not (TensorType.Bool or TensorType.U8)) throw new ModelFormatException(file.Name, tensor, $"is {info.Type.Name()}; BOOL is due.", Next);
        return Array.ConvertAll(file.Bytes(tensor).ToArray(), value => value != 0);
    }
}
