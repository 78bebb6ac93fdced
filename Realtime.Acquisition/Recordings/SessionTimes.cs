using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Recordings;

/// <summary>Reads columns of seconds into sample numbers, and checks stretches of time against the session's end.</summary>
internal static class SessionTimes
{
    /// <summary>Thirty years: no session is longer, and at any clock rate in use its sample numbers are exact in a double.</summary>
    public const double MaxSeconds = 1e9;

    // Stretches are written as decimal fractions; ends that meet may differ by their rounding.
    private const double RoundingSeconds = 1e-6;

    /// <summary>Sample numbers of a column of seconds: float64, finite, not negative, ascending; equal ones may be neighbours.</summary>
    /// <exception cref="SessionFormatException">The column is otherwise; the message names the first index at fault.</exception>
    public static long[] Read(string path, double sampleRateHz)
    {
        var array = NpyFile.Read<double>(path);
        if (!array.Header.IsVector)
            throw new SessionFormatException(path,
                $"One time per row was expected, shape (N,), but the shape is {array.Header.ShapeText}.", "Save a single column.");
        if (array.Header.Dtype is not { Kind: NpyKind.Float, Size: 8 })
            throw new SessionFormatException(path,
                $"Times in seconds as float64 were expected, but the dtype is {array.Header.Dtype}.",
                array.Header.Dtype.IsInteger
                ? "If these are sample numbers, divide them by the sample rate and save as float64."
                : "float32 can't hold spike times of a long session: save as float64 from the source.");
        var samples = new long[array.Values.Length];
        var last = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            var time = array.Values[i];
            if (!(time >= last && time <= MaxSeconds)) throw Unordered(path, array.Values, i);
            samples[i] = (long)Math.Round(time * sampleRateHz);
            last = time;
        }

        return samples;
    }

    /// <exception cref="SessionFormatException">A stretch is empty, outside 0..end, or not after the one before it.</exception>
    public static void CheckRanges(string path, string key, IReadOnlyList<TimeRange> ranges, double end)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            var range = ranges[i];
            var problem = !(range.Start < range.End) ? "is empty or runs backwards"
                : range.Start < -RoundingSeconds || range.End > end + RoundingSeconds ? $"lies outside the session, 0 to {end} s"
                : i > 0 && range.Start < ranges[i - 1].End - RoundingSeconds ? "starts before the one before it ends"
                : null;
            if (problem is null) continue;
            throw new SessionFormatException(path, $"{key}[{i}], {range.Start} to {range.End} s, {problem}.",
                "Mend it; stretches are [start, end] in seconds, in order.");
        }
    }

    /// <exception cref="SessionFormatException">Two of the splits share time.</exception>
    public static void CheckApart(string path, SessionSplits splits)
    {
        var all = splits.Train.Select(range => ("train", range)).Concat(splits.Valid.Select(range => ("valid", range)))
            .Concat(splits.Test.Select(range => ("test", range))).OrderBy(pair => pair.range.Start).ToArray();
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i].range.Start >= all[i - 1].range.End - RoundingSeconds) continue;
            throw new SessionFormatException(path,
                $"splits.{all[i - 1].Item1} and splits.{all[i].Item1} share the time from {all[i].range.Start} s.",
                "Keep them apart, or a decoder is judged on what it was fitted to.");
        }
    }

    private static SessionFormatException Unordered(string path, double[] times, int i)
    {
        var problem = !double.IsFinite(times[i]) ? "is no finite number"
            : times[i] > MaxSeconds ? $"is beyond {MaxSeconds} s"
            : times[i] < 0 ? "is negative"
            : $"comes after {times[i - 1]} at index {i - 1}; times must ascend";
        var remedy = !double.IsFinite(times[i]) ? "Leave such rows out."
            : times[i] > MaxSeconds ? "Times are in seconds, not in samples: divide by the sample rate."
            : times[i] < 0 ? "Shift all times so that the session starts at 0."
            : "Sort by time (numpy.argsort(times, kind='stable')), the other columns with it.";
        return new SessionFormatException(path, $"The time {times[i]} at index {i} {problem}.", remedy);
    }
}
