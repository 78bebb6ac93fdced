namespace Realtime.Models.Mtm;

/// <summary>The states of the last bins, newest first.</summary>
internal static class StateHistory
{
    /// <summary>Moves states back in time; the newest one stands in for bins that are missing.</summary>
    /// <param name="states">[bins, width], newest first; the first row is to be overwritten afterwards.</param>
    /// <param name="width">Numbers of a state.</param>
    /// <param name="bins">Bins that have gone by.</param>
    public static void Shift(Span<float> states, int width, int bins)
    {
        for (var row = states.Length / width - 1; row > 0; row--) states.Slice(Math.Max(row - bins, 0) * width, width).CopyTo(states[(row * width)..]);
    }
}
