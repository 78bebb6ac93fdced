namespace Realtime.Models.Checkpoints;

/// <summary>The mark on a pickle's stack; never a value.</summary>
internal sealed class PickleMark
{
    public static readonly PickleMark Instance = new();

    private PickleMark()
    {
    }
}
