namespace Realtime.Tests;

/// <summary>Measures what a piece of code allocates on the calling thread.</summary>
internal static class AllocationGate
{
    /// <summary>
    /// The least number of bytes that any of a few runs allocated. One run is not enough: a garbage collection set off by another test
    /// books the unused rest of this thread's allocation buffer (up to 8 kB) as allocated. What the code itself allocates shows in every run.
    /// </summary>
    public static long LeastBytes(Action run, int attempts = 5)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < attempts && least != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
