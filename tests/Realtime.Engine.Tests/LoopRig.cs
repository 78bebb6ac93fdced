using Realtime.Engine.Decoding;
using Realtime.Engine.Events;
using Realtime.Engine.Frames;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Ticks;

namespace Realtime.Engine.Tests;

/// <summary>A decode loop with one or two streams at 1 kHz (one sample = 1 ms), fed by hand. Times are in ms.</summary>
internal sealed class LoopRig
{
    public const long Ms = 1_000_000;

    public LoopRig(DecodeLoopOptions options, CountingDecoder? decoder = null, int streams = 1)
    {
        Decoder = decoder ?? new CountingDecoder(options.WindowNs);
        Inputs = Enumerable.Range(0, streams)
            .Select(i => new StreamInput($"s{i}", new SpscRing<SpikeEvent>(8192), new StreamLedger($"s{i}"), 1000))
            .ToArray();
        Frames = new FrameInput(new FrameRing(new FrameShape(1, 2), 4), new FrameCounters());
        Loop = new DecodeLoop(options, Decoder, Inputs, Sink, Clock, frames: Frames);
    }

    public FakeClock Clock { get; } = new();

    public RecordingSink Sink { get; } = new();

    public CountingDecoder Decoder { get; }

    public FrameInput Frames { get; }

    public StreamInput[] Inputs { get; }

    public DecodeLoop Loop { get; }

    public StreamLedger Ledger => Inputs[0].Ledger;

    public static DecodeLoopOptions Options(long hop = 10, long window = 20, long lateness = 50, long deadline = 5) => new()
    {
        HopNs = hop * Ms,
        WindowNs = window * Ms,
        LatenessNs = lateness * Ms,
        DeadlineNs = deadline * Ms,
    };

    public void Spike(long sample, int unit = 1, int stream = 0, long? at = null)
    {
        Inputs[stream].Ledger.CountReceived();
        if (!Inputs[stream].Ring.TryWrite(SpikeEvent.Spike(sample, unit, (at ?? sample) * Ms))) Inputs[stream].Ledger.DropOnReceive(DropReason.RingFull);
    }

    public void Watermark(long sample, int stream = 0, long? at = null, int slack = 0) =>
        Inputs[stream].Ring.TryWrite(SpikeEvent.Watermark(sample, slack, (at ?? sample) * Ms));

    public void Restart(int stream = 0, long at = 0) => Inputs[stream].Ring.TryWrite(SpikeEvent.Restart(at * Ms));

    public void Loss(long messages, int stream = 0, long at = 0) => Inputs[stream].Ring.TryWrite(SpikeEvent.Loss(messages, at * Ms));

    public void Ttl(long sample, int line, bool state, int stream = 0) => Inputs[stream].Ring.TryWrite(SpikeEvent.Ttl(sample, line, state, sample * Ms));

    /// <summary>False when the ring is full.</summary>
    public bool Frame(long sample, float pixel, long at = 0)
    {
        if (!Frames.Ring.TryBegin(out var pixels)) return false;
        pixels.Fill(pixel);
        Frames.Ring.Commit(new FrameStamp(sample, at * Ms));
        return true;
    }

    public void Step(long nowMs)
    {
        Clock.NowNs = nowMs * Ms;
        Loop.Step(Clock.NowNs);
    }

    public void AssertBooksBalance()
    {
        Loop.Finish();
        foreach (var input in Inputs) Assert.Equal(0, input.Ledger.InFlight);
    }
}
