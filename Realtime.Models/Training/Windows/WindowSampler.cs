using Realtime.Engine.Numerics;

namespace Realtime.Models.Training.Windows;

/// <summary>Places windows in intervals. None crosses a border; intervals shorter than the window hold none.</summary>
internal static class WindowSampler
{
    /// <summary>
    /// As upstream covers the intervals: from a random offset below the window's length, back to back; where both ends together have room
    /// for a further one, it lies at the larger end. Not shuffled.
    /// Source: github.com/neuro-galaxy/torch_brain, torch_brain/samplers: the rule.
    /// </summary>
    public static IEnumerable<long> Covering(DataInterval interval, long windowNs, long gridNs, PortableRandom random)
    {
        var offset = Math.Min((long)(random.Uniform() * windowNs), windowNs - 1) / gridNs * gridNs;
        if (interval.LengthNs < windowNs) yield break;
        var start = interval.StartNs + offset;
        for (; start + windowNs <= interval.EndNs; start += windowNs) yield return start;
        var rest = interval.EndNs - start;

        // Where not one fitted behind the offset, start still lies within the interval or just behind it.
        if (rest + offset < windowNs) yield break;
        yield return rest > offset ? interval.StartNs + (interval.LengthNs - windowNs) / gridNs * gridNs : interval.StartNs;
    }

    /// <summary>Back to back from the start, and one flush with the end where a rest is left.</summary>
    public static IEnumerable<long> Regular(DataInterval interval, long windowNs)
    {
        if (interval.LengthNs < windowNs) yield break;
        var start = interval.StartNs;
        for (; start + windowNs <= interval.EndNs; start += windowNs) yield return start;
        if (start < interval.EndNs) yield return interval.EndNs - windowNs;
    }
}
