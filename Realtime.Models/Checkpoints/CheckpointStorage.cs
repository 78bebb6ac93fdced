using Realtime.Models.Weights;

namespace Realtime.Models.Checkpoints;

/// <summary>A block of numbers that tensors are views of; known to be in the archive.</summary>
internal sealed class CheckpointStorage(string key, TensorType type, long count)
{
    /// <summary>Names the file data/KEY.</summary>
    public string Key { get; } = key;

    public TensorType Type { get; } = type;

    /// <summary>Elements.</summary>
    public long Count { get; } = count;
}
