namespace Realtime.Host.Running.Recording;

/// <summary>Where a recorded session's time 0 lies in a run's data time.</summary>
internal static class SessionOrigin
{
    // A session that began so much before its first data would be waited through in each replay.
    private const long LongestNs = 10_000_000_000;

    private const long MicroHzNs = 1_000_000_000_000_000;

    /// <summary>
    /// The last tick border at or before <paramref name="startNs"/> that falls on a sample, so that the session's sample numbers are the run's less
    /// a whole number and its ticks the run's; where such borders are further apart than 10 s, the start itself.
    /// </summary>
    public static long Of(long startNs, long hopNs, double rateHz)
    {
        var step = (Int128)hopNs * (long)Math.Round(rateHz * 1e6);
        var hops = MicroHzNs / (long)GreatestDivisor(step, MicroHzNs);
        if (hops > LongestNs / hopNs) return startNs;
        var unit = hops * hopNs;
        return (long)(startNs - ((Int128)startNs % unit + unit) % unit);
    }

    private static Int128 GreatestDivisor(Int128 a, Int128 b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
