namespace Realtime.Host.Training;

/// <summary>How many threads train.</summary>
internal static class TransformerThreads
{
    /// <summary>A batch is cut into four parts.</summary>
    public const int Most = 4;

    public static int Default => Math.Clamp(Environment.ProcessorCount, 1, Most);
}
