using Realtime.Models.Weights;

namespace Realtime.Models.Checkpoints;

/// <summary>A tensor of a checkpoint: a checked view of a storage. Its numbers are read by <see cref="PyTorchCheckpoint.Bytes"/>.</summary>
public sealed class CheckpointTensor
{
    internal CheckpointTensor(CheckpointStorage storage, long offset, long[] shape, long[] strides)
    {
        Storage = storage;
        Offset = offset;
        Shape = shape;
        Strides = strides;
        Count = 1;
        foreach (var length in shape) Count *= length;
    }

    public TensorType Type => Storage.Type;

    /// <summary>Lengths of the axes, slowest first; empty for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Elements.</summary>
    public long Count { get; }

    internal CheckpointStorage Storage { get; }

    /// <summary>First element, counted in elements of the storage.</summary>
    internal long Offset { get; }

    /// <summary>Steps of the axes, counted in elements of the storage; may be 0.</summary>
    internal long[] Strides { get; }

    /// <summary>Such as "F32 [4, 32]".</summary>
    public override string ToString() => $"{Type.Name()} {TensorShape.Text(Shape)}";
}
