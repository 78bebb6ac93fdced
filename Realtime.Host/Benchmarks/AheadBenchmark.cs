using System.Diagnostics;
using Realtime.Engine.Decoding;
using Realtime.Engine.Latency;

namespace Realtime.Host.Benchmarks;

/// <summary>
/// Time of a call whose decoder was let work ahead, as the decode loop does: after each block of the source, for as long as there is something to do,
/// but not in the window's last block, which settles as the window closes.
/// </summary>
internal static class AheadBenchmark
{
    private const int MinTicks = 20;

    /// <summary>Null for a decoder that has nothing to do ahead.</summary>
    /// <returns>Times of the call that closes a window, of all work ahead of one window, and of single pieces of it; bytes allocated; processor time of the calls, s.</returns>
    public static (LatencyHistogram Closed, LatencyHistogram Ahead, LatencyHistogram Piece, long AllocatedBytes, double CpuS)? Measure(
        IDecoder decoder, RandomSpikes stream, RandomFrames frames, float[] values, long blockNs, ModelBenchmarkOptions options, CancellationToken cancellation)
    {
        var (closed, ahead, piece) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        var (allocated, cpu) = (0L, 0.0);
        var began = Stopwatch.GetTimestamp();
        while (options.Ticks is { } ticks ? closed.Count < ticks : closed.Count < MinTicks || Stopwatch.GetElapsedTime(began).TotalSeconds < options.Seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            var window = stream.Advance();
            frames.Show(decoder, window.EndNs);
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var before = piece.Count;
            var start = Stopwatch.GetTimestamp();
            for (var settledNs = stream.LastEndNs; settledNs < window.EndNs; settledNs += blockNs) Prepare(decoder, UpTo(window, settledNs), settledNs, piece);
            var used = Environment.CpuUsage.TotalTime;
            var from = Stopwatch.GetTimestamp();
            decoder.Decode(in window, values);
            var to = Stopwatch.GetTimestamp();
            cpu += (Environment.CpuUsage.TotalTime - used).TotalSeconds;
            allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (piece.Count == before && closed.Count == 0) return null;
            closed.Record((long)Stopwatch.GetElapsedTime(from, to).TotalNanoseconds);
            ahead.Record((long)Stopwatch.GetElapsedTime(start, from).TotalNanoseconds);
        }

        return (closed, ahead, piece, allocated, cpu);
    }

    /// <summary>Lets a decoder do what it can as a video frame arrives: before the window begins, no spike of it is settled.</summary>
    public static void PrepareFrames(IDecoder decoder, in SpikeWindow window, long beginNs)
    {
        var soFar = UpTo(window, beginNs);
        while (decoder.Prepare(in soFar, beginNs - 1)) { }
    }

    private static void Prepare(IDecoder decoder, in SpikeWindow soFar, long settledNs, LatencyHistogram piece)
    {
        while (true)
        {
            var from = Stopwatch.GetTimestamp();
            if (!decoder.Prepare(in soFar, settledNs)) return;
            piece.Record((long)Stopwatch.GetElapsedTime(from).TotalNanoseconds);
        }
    }

    private static SpikeWindow UpTo(in SpikeWindow window, long timeNs)
    {
        var count = window.TimesNs.Length;
        while (count > 0 && window.TimesNs[count - 1] >= timeNs) count--;
        return new SpikeWindow(window.StartNs, window.EndNs, window.TimesNs[..count], window.Units[..count]);
    }
}
