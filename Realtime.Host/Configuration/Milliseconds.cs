namespace Realtime.Host.Configuration;

/// <summary>Config files give milliseconds, the engine takes whole nanoseconds.</summary>
internal static class Milliseconds
{
    /// <summary>To the nearest nanosecond.</summary>
    public static long ToNs(double milliseconds) => (long)Math.Round(milliseconds * 1e6);
}
