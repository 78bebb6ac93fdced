using Realtime.Engine.Decoding;
using Realtime.Models.Neuroformer;

namespace Realtime.Models.Tests.Neuroformer.Live;

/// <summary>Random spikes with quiet stretches and bursts, and frames on a grid of their own.</summary>
internal sealed class LiveStream
{
    public const long FramePeriodNs = 50_000_000;

    private readonly long[] _times;
    private readonly int[] _units;

    /// <param name="random">Where it comes from.</param>
    /// <param name="lengthNs">Length.</param>
    /// <param name="perSecond">Spikes, on average; five times as many in every fifth tenth of a second.</param>
    /// <param name="firstNs">Where it begins.</param>
    public LiveStream(Random random, long lengthNs, double perSecond, long firstNs = 1_000_000_000)
    {
        var spikes = new List<(long Time, int Unit)>();
        for (double at = 0; at < lengthNs;)
        {
            var stretch = (long)(at / 1e8) % 5;
            if (stretch == 3) at = Math.Max(at, ((long)(at / 1e8) + 1) * 1e8 - 1);
            at += -Math.Log(1 - random.NextDouble()) * 1e9 / (perSecond * (stretch == 1 ? 5 : 1));
            var time = firstNs + (long)at;
            if (random.Next(10) == 0) time = time / 10_000_000 * 10_000_000;
            spikes.Add((time, random.Next(LiveModel.Units)));
            if (random.Next(8) == 0) spikes.Add((time, random.Next(LiveModel.Units)));
        }

        (long Time, int Unit)[] ordered = [.. spikes.OrderBy(spike => spike.Time).ThenBy(spike => spike.Unit)];
        (_times, _units) = (Array.ConvertAll(ordered, spike => spike.Time), Array.ConvertAll(ordered, spike => spike.Unit));
        FirstNs = firstNs;
        EndNs = firstNs + lengthNs;
    }

    public long FirstNs { get; }

    public long EndNs { get; }

    public ReadOnlySpan<long> Times => _times;

    public ReadOnlySpan<int> Units => _units;

    /// <summary>The spikes of [endNs - windowNs, untilNs) as a window that ends at endNs.</summary>
    public SpikeWindow Window(long windowNs, long endNs, long untilNs = long.MaxValue)
    {
        var first = Place(endNs - windowNs);
        var last = Math.Max(first, Place(Math.Min(endNs, untilNs)));
        return new SpikeWindow(endNs - windowNs, endNs, _times.AsSpan(first, last - first), _units.AsSpan(first, last - first));
    }

    /// <summary>Pixels of the frame that is shown from k periods on.</summary>
    public static float[] Frame(NeuroformerFrames frames, long k) =>
        [.. Enumerable.Range(0, frames.Height * frames.Width).Select(pixel => (float)Math.Sin(k * 1.7 + pixel * (0.3 + 0.01 * (k % 7))))];

    /// <summary>The frames of a window: the last ones that were shown before its end, on a grid without gaps.</summary>
    public static float[] Clip(NeuroformerFrames frames, long endNs, int lookAhead = 0)
    {
        var newest = (endNs - 1) / FramePeriodNs;
        return [.. Enumerable.Range(0, frames.Count).SelectMany(i => Frame(frames, Math.Min(newest, newest + lookAhead - (frames.Count - 1 - i))))];
    }

    private int Place(long timeNs)
    {
        var at = Array.BinarySearch(_times, timeNs);
        if (at < 0) return ~at;
        while (at > 0 && _times[at - 1] == timeNs) at--;
        return at;
    }
}
