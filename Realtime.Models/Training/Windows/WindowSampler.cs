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
    public static IEnumerable<long> Covering(DataInterval interval, long windowNs, PortableRandom random)
    {
        var offset = Math.Min((long)(random.Uniform() * windowNs), windowNs - 1);
        if (interval.LengthNs < windowNs) yield break;
        var start = interval.StartNs + offset;
        for (; start + windowNs <= interval.EndNs; start += windowNs) yield return start;
        var rest = interval.EndNs - start;

        // Where not one fitted behind the offset, start still lies within the interval or just behind it.
        if (rest + offset < windowNs) yield break;
        yield return rest > offset ? interval.EndNs - windowNs : interval.StartNs;
    }

    /// <summary>Back to back from the start, and one flush with the end where a rest is left.</summary>
    public static IEnumerable<long> Regular(DataInterval interval, long windowNs)
    {
        if (interval.LengthNs < windowNs) yield break;
        var start = interval.StartNs;
        for (; start + windowNs <= interval.EndNs; start += windowNs) yield return start;
        if (start < interval.EndNs) yield return interval.EndNs - windowNs;
    }

    /// <summary>Evenly over the data: an interval by its length, and in it any start.</summary>
    /// <param name="intervals">None shorter than the window.</param>
    /// <param name="lengthsUpTo">Sum of their lengths up to and with each.</param>
    /// <param name="windowNs">Window, ns.</param>
    /// <param name="random">Two draws are taken.</param>
    public static (int Interval, long StartNs) Anywhere(IReadOnlyList<DataInterval> intervals, long[] lengthsUpTo, long windowNs, PortableRandom random)
    {
        var at = (long)(random.Uniform() * lengthsUpTo[^1]);
        var found = Array.BinarySearch(lengthsUpTo, at);
        var index = Math.Min(found < 0 ? ~found : found + 1, lengthsUpTo.Length - 1);
        var room = intervals[index].LengthNs - windowNs;
        return (index, intervals[index].StartNs + Math.Min((long)(random.Uniform() * (room + 1)), room));
    }
}
