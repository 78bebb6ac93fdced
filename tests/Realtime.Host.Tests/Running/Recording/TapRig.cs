using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Engine.Events;
using Realtime.Engine.Frames;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Sessions;
using Realtime.Engine.Ticks;
using Realtime.Engine.Time;
using Realtime.Host.Running.Recording;

namespace Realtime.Host.Tests.Running.Recording;

/// <summary>A decode loop of one stream with a recording, fed by hand. Host time is data time.</summary>
internal sealed class TapRig : IAnswerSink, IClock
{
    public const long HopNs = 20_000_000;
    public const long WindowNs = 100_000_000;

    private readonly SampleTimeline _timeline;

    public TapRig(string folder, double rateHz = 30_000, long originSample = 0, int ring = 1 << 12, Func<long>? freeBytes = null, FrameShape? frames = null)
    {
        RateHz = rateHz;
        _timeline = new SampleTimeline(originSample, rateHz);
        Folder = Path.Combine(folder, "session");
        Tap = new RecordingTap(ring, frames);
        if (frames is { } shape) Frames = new FrameInput(new FrameRing(shape, 32), new FrameCounters());
        Input = new StreamInput("s", new SpscRing<SpikeEvent>(1 << 16), new StreamLedger("s"), rateHz);
        var decoder = new FingerprintDecoder(Units, WindowNs, HopNs, frames);
        decoder.Reset();
        Loop = new DecodeLoop(
            new DecodeLoopOptions { HopNs = HopNs, WindowNs = WindowNs, OriginSample = originSample, ReplaySpeed = 0 },
            decoder, [Input], this, this, Tap, Frames);
        Recorder = new SessionRecorder(new SessionRecorderOptions
        {
            Folder = Folder,
            Name = "run",
            Units = Units.Units,
            SampleRateHz = rateHz,
            OriginSample = originSample,
            HopNs = HopNs,
            FrameReachNs = decoder.Description.FrameReachNs,
            ChannelNames = () => ["x", "y"],
            FreeBytes = freeBytes ?? (() => long.MaxValue),
            MinimumFreeBytes = 1000,
        }, Tap);
    }

    public static UnitTable Units { get; } = UnitTable.Numbered(5);

    public double RateHz { get; }

    public string Folder { get; }

    public RecordingTap Tap { get; }

    public StreamInput Input { get; }

    public FrameInput? Frames { get; }

    public DecodeLoop Loop { get; }

    public SessionRecorder Recorder { get; }

    /// <summary>Epoch, end of the tick and its value.</summary>
    public List<(int Epoch, long DataNs, float Value)> Answers { get; } = [];

    public bool KeepAnswers { get; set; } = true;

    public long NowNs { get; set; }

    public void Publish(in TickAnswer answer, ReadOnlySpan<float> values)
    {
        if (KeepAnswers) Answers.Add((answer.Epoch, answer.DataNs, values[0]));
    }

    public void Spike(long sample, int unit)
    {
        Input.Ledger.CountReceived();
        Input.Ring.TryWrite(SpikeEvent.Spike(sample, unit, Host(sample)));
    }

    /// <summary>A frame of random pixels arrives.</summary>
    /// <param name="random">Of its pixels.</param>
    /// <param name="sample">When it was shown, or <see cref="FrameStamp.NoSample"/>.</param>
    /// <param name="areBytes">Whether its pixels are bytes.</param>
    /// <param name="arrival">The sample at which it arrives, for one that does not say when it was shown.</param>
    public void Frame(Random random, long sample, bool areBytes, long arrival = 0)
    {
        Assert.True(Frames!.Ring.TryBegin(out var pixels));
        for (var i = 0; i < pixels.Length; i++) pixels[i] = areBytes ? random.Next(256) : random.NextSingle() - 0.5f;
        Frames.Ring.Commit(new FrameStamp(sample, Host(arrival), areBytes));
        Loop.Step(NowNs);
    }

    public void Watermark(long sample)
    {
        NowNs = Host(sample);
        Input.Ring.TryWrite(SpikeEvent.Watermark(sample, 0, NowNs));
        Loop.Step(NowNs);
    }

    /// <param name="sample">Its sample.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="value">Its value.</param>
    /// <param name="message">The first sample of its message: a message's samples arrive together.</param>
    public void Behaviour(long sample, int channel, float value, long? message = null) =>
        Recorder.AddBehaviour(new BehaviourSample(sample, value, channel, Host(message ?? sample)));

    public long Host(long sample) => 1_000_000_000_000 + _timeline.DataNs(sample);

    /// <summary>Random spikes of all units between two samples, in blocks of 10 ms; within a block they come unit by unit.</summary>
    public void Play(Random random, long from, long to)
    {
        var block = (long)(RateHz / 100);
        for (var start = from; start < to; start += block)
        {
            for (var unit = 0; unit < Units.Count; unit++)
                for (var spike = random.Next(4); spike > 0; spike--) Spike(start + random.NextInt64(block), unit);
            Watermark(start + block);
        }
    }
}
