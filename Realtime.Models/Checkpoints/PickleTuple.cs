namespace Realtime.Models.Checkpoints;

/// <summary>A Python tuple.</summary>
public sealed class PickleTuple
{
    internal static readonly PickleTuple Empty = new([]);

    internal PickleTuple(object?[] items) => Items = items;

    public IReadOnlyList<object?> Items { get; }
}
