using System.Runtime.InteropServices;

namespace Realtime.Models.Weights;

/// <summary>A tensor to be written.</summary>
public sealed class TensorData
{
    /// <param name="name">Unique in its file; not "__metadata__".</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Lengths of the axes, slowest first.</param>
    /// <param name="bytes">Row-major, little-endian.</param>
    /// <exception cref="ArgumentException">The bytes do not fill the shape, or the name is taken by the format.</exception>
    public TensorData(string name, TensorType type, IReadOnlyList<long> shape, byte[] bytes)
    {
        if (name == "__metadata__") throw new ArgumentException("A tensor cannot be named __metadata__.", nameof(name));
        if (!TensorShape.TryBytes(shape, type, out var due) || due != bytes.LongLength)
            throw new ArgumentException($"Tensor '{name}': {bytes.LongLength} bytes do not fill shape {TensorShape.Text(shape)} of " +
                $"{type.Name()}.", nameof(bytes));
        Name = name;
        Type = type;
        Shape = shape;
        Bytes = bytes;
    }

    public string Name { get; }

    public TensorType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    public byte[] Bytes { get; }

    public static TensorData Of(string name, ReadOnlySpan<float> values, params long[] shape) =>
        new(name, TensorType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    public static TensorData Of(string name, ReadOnlySpan<double> values, params long[] shape) =>
        new(name, TensorType.F64, shape, MemoryMarshal.AsBytes(values).ToArray());

    public static TensorData Of(string name, ReadOnlySpan<long> values, params long[] shape) =>
        new(name, TensorType.I64, shape, MemoryMarshal.AsBytes(values).ToArray());
}
