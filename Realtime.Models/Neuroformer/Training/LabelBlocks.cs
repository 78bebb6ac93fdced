using Realtime.Engine.Sessions;
using Realtime.Models.Training;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>A share of training time as contiguous blocks spread evenly, for training with few labels. Stateless; any thread.</summary>
public static class LabelBlocks
{
    private const double Second = 1;

    /// <summary>The blocks, each in the middle of its equal part of all training time; a block that meets a border goes on in the next interval.</summary>
    /// <param name="intervals">The training intervals.</param>
    /// <param name="share">Above 0 to 1; 1 gives the intervals themselves.</param>
    /// <param name="shortest">No block is made shorter than this, s, if one alone can be as long.</param>
    /// <exception cref="TrainingException">The share holds less than one such block.</exception>
    public static IReadOnlyList<TimeRange> Of(IReadOnlyList<TimeRange> intervals, double share, double shortest)
    {
        if (share >= 1) return intervals;
        TimeRange[] ordered = [.. intervals.OrderBy(interval => interval.Start)];
        var total = ordered.Sum(interval => interval.Length);
        var labelled = share * total;
        if (labelled < shortest)
        {
            throw new TrainingException(FormattableString.Invariant($"label_share {share} of {total:0.#} s is {labelled:0.##} s, less than one window of {shortest:0.##} s. ") +
                "Choose a larger share.");
        }

        // As many blocks as leave each one long against a window, 20 at most.
        const int most = 20;
        const int windows = 4;
        var count = (int)Math.Clamp(labelled / (windows * Math.Max(shortest, Second)), 1, most);
        var blocks = new List<TimeRange>();
        for (var block = 0; block < count; block++)
        {
            var start = (block + 0.5) * total / count - labelled / count / 2;
            Add(start, start + labelled / count);
        }

        return blocks;

        void Add(double from, double to)
        {
            var before = 0.0;
            foreach (var interval in ordered)
            {
                var (start, end) = (Math.Max(from, before), Math.Min(to, before + interval.Length));
                if (end > start) blocks.Add(new TimeRange(interval.Start + start - before, interval.Start + end - before));
                before += interval.Length;
            }
        }
    }
}
