namespace Realtime.Models.Checkpoints;

/// <summary>A Python list. It may hold itself: never walk a tree of values without a bound.</summary>
public sealed class PickleList
{
    internal List<object?> Values { get; } = [];

    public IReadOnlyList<object?> Items => Values;
}
