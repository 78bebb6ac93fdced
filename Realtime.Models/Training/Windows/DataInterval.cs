using Realtime.Engine.Sessions;

namespace Realtime.Models.Training.Windows;

/// <summary>A stretch of data time, ns, start inclusive and end exclusive.</summary>
internal readonly record struct DataInterval(long StartNs, long EndNs)
{
    // Both ends are rounded to the ns: a trial of 0.4 s could come out a ns too short for a window of 0.4 s.
    private const long Grace = 2;
    private const long Microsecond = 1000;

    public long LengthNs => EndNs - StartNs;

    /// <summary>The interval in ns; a length within 2 ns of a whole µs is made that.</summary>
    public static DataInterval Of(TimeRange range)
    {
        var (start, end) = (TrainingSet.ToNs(range.Start), TrainingSet.ToNs(range.End));
        var rest = (end - start) % Microsecond;
        if (rest <= Grace) end -= rest;
        else if (rest >= Microsecond - Grace) end += Microsecond - rest;
        return new DataInterval(start, end);
    }

    /// <summary>The same in seconds; comes back as the same ns.</summary>
    public TimeRange Range => new(StartNs / 1e9, EndNs / 1e9);

    /// <summary>Ranges that touch are made one, and cut at the borders of segments where those are given. Ascending.</summary>
    public static List<DataInterval> From(IEnumerable<TimeRange> ranges, IReadOnlyList<TimeRange>? segments)
    {
        var joined = new List<TimeRange>();
        foreach (var range in ranges.OrderBy(range => range.Start))
        {
            if (joined.Count > 0 && TrainingSet.ToNs(range.Start) <= TrainingSet.ToNs(joined[^1].End))
                joined[^1] = new TimeRange(joined[^1].Start, Math.Max(joined[^1].End, range.End));
            else joined.Add(range);
        }

        var cut = segments is null ? joined : joined.SelectMany(range => segments.Select(segment =>
            new TimeRange(Math.Max(range.Start, segment.Start), Math.Min(range.End, segment.End))));
        return cut.Where(range => range.Length > 0).OrderBy(range => range.Start).Select(Of).Where(interval => interval.LengthNs > 0).ToList();
    }
}
