using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Engine.Events;
using Realtime.Engine.Frames;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;
using Realtime.Engine.Ticks;
using Realtime.Engine.Time;

namespace Realtime.Engine.Offline;

/// <summary>
/// Runs a decoder over a stretch of a session through the very tick loop of a live run, fed without loss or delay. So an offline score differs
/// from a live one only by what really went wrong live. A decoder that needs trials is told of one at the start of each of the session's segments; one that reads
/// video frames is given those that were shown from the range's start on, each from its arrival on.
/// </summary>
public static class OfflineDecoding
{
    private const int RingCapacity = 4096;
    private const int FrameRingCapacity = 8;

    /// <summary>Decodes the ticks from the range's start to its end; tick ends are multiples of the hop from the start.</summary>
    /// <param name="session">Spikes; their unit rows must be rows of the decoder's table, -1 for units it lacks.</param>
    /// <param name="range">Session seconds.</param>
    /// <param name="decoder">Reset before the first tick.</param>
    /// <param name="hopNs">Data time between ticks.</param>
    /// <param name="unitRows">Row in the decoder's table of each session unit, or -1 to ignore it.</param>
    /// <param name="sink">Receives the answers; their data time counts from the range's start.</param>
    /// <param name="clock">Stamps the answers, so that the time each took is known.</param>
    /// <param name="progress">Share done, 0..1.</param>
    /// <param name="cancel">Stops between ticks.</param>
    /// <returns>The books of the run and what it took.</returns>
    /// <exception cref="ArgumentException">The session's video frames are of another size than the decoder reads.</exception>
    public static OfflineResult Run(
        Session session,
        TimeRange range,
        IDecoder decoder,
        long hopNs,
        IReadOnlyList<int> unitRows,
        IAnswerSink sink,
        IClock clock,
        IProgress<double>? progress = null,
        CancellationToken cancel = default)
    {
        var origin = session.SampleAt(range.Start);
        var last = session.SampleAt(range.End);
        var ledger = new StreamLedger(session.Name);
        var ring = new SpscRing<SpikeEvent>(RingCapacity);
        var starts = decoder.Description.NeedsTrials ? session.Segments.Select(segment => session.SampleAt(segment.Start)).Where(sample => sample >= origin).Order().ToArray() : [];
        var options = new DecodeLoopOptions
        {
            HopNs = hopNs,
            WindowNs = Math.Max(hopNs, decoder.Description.WindowNs),
            OriginSample = origin,
            ReplaySpeed = 0,
            Trials = new TrialTrigger(0, 0),
        };
        var frames = decoder.Description.Frames is null ? null : session.Frames;
        var frameInput = frames is null ? null : new FrameInput(new FrameRing(frames.Shape, FrameRingCapacity), new FrameCounters());
        var loop = new DecodeLoop(options, decoder, [new StreamInput(session.Name, ring, ledger, session.SampleRateHz)], sink, clock, frames: frameInput);
        var timeline = new SampleTimeline(origin, session.SampleRateHz);

        decoder.Reset();
        ring.TryWrite(SpikeEvent.Watermark(origin, 0, clock.NowNs));
        if (frames is not null) loop.Step(clock.NowNs); // frames are taken once the stream has shown where it begins
        var frame = frames?.FirstAt(origin) ?? 0;
        var spike = LowerBound(session.SpikeSamples, origin);
        var trial = 0;
        for (long endNs = hopNs; timeline.SampleAt(endNs) <= last; endNs += hopNs)
        {
            cancel.ThrowIfCancellationRequested();
            var endSample = timeline.SampleAt(endNs);
            for (; spike < session.SpikeSamples.Length && session.SpikeSamples[spike] < endSample; spike++)
            {
                ledger.CountReceived();
                var row = unitRows[session.SpikeUnits[spike]];
                if (row < 0)
                {
                    ledger.DropOnReceive(DropReason.UnknownUnit);
                    continue;
                }

                if (ring.Count == ring.Capacity - 1) loop.Step(clock.NowNs);
                ring.TryWrite(SpikeEvent.Spike(session.SpikeSamples[spike], row, clock.NowNs));
            }

            for (; trial < starts.Length && starts[trial] < endSample; trial++)
            {
                if (ring.Count == ring.Capacity - 1) loop.Step(clock.NowNs);
                ring.TryWrite(SpikeEvent.Ttl(starts[trial], 0, true, clock.NowNs));
            }

            for (; frame < frames?.Count && timeline.DataNs(frames.Arrivals[frame]) < endNs; frame++)
            {
                Span<float> pixels;
                while (!frameInput!.Ring.TryBegin(out pixels)) loop.Step(clock.NowNs);
                frames.Read(frame, pixels);
                frameInput.Ring.Commit(new FrameStamp(frames.Samples[frame], clock.NowNs));
            }

            ring.TryWrite(SpikeEvent.Watermark(endSample, 0, clock.NowNs));
            loop.Step(clock.NowNs);
            progress?.Report((double)(endSample - origin) / (last - origin));
        }

        loop.Finish();
        return new OfflineResult(ledger, loop.Counters, loop.Latencies);
    }

    private static int LowerBound(long[] samples, long sample)
    {
        var at = Array.BinarySearch(samples, sample);
        if (at < 0) return ~at;
        while (at > 0 && samples[at - 1] == sample) at--;
        return at;
    }
}
