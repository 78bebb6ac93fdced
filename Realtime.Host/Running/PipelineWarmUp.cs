using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Acquisition.Replay;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Host.Configuration;

namespace Realtime.Host.Running;

/// <summary>
/// Runs the whole pipeline once over loopback with made-up spikes, before the rig's own sources are opened: every method of the path is
/// compiled and its memory touched, so that the first real message meets warm code. Leaves the decoder to be reset.
/// </summary>
public static class PipelineWarmUp
{
    private const int Spikes = 2000;

    // Longer than any compilation takes; a warm-up that cannot finish costs time and nothing else.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static void Run(RigConfig config, IDecoder decoder)
    {
        var session = MakeSession(config, decoder.Description);
        var options = new ReplayOptions { Speed = 0, DataPort = 0, WaitForSubscribers = 1 };
        using var server = new ReplayServer(session, options);
        var source = config.Sources[0] with
        {
            Host = "127.0.0.1",
            DataPort = server.DataPort,
            HeartbeatPort = 0,
            Stream = null,
            ReplaySpeed = 0,
            BehaviourStream = options.BehaviourStream,
            Cpu = null,
        };
        var warm = config with
        {
            Sources = [source],
            Ticks = config.Ticks with { OriginSample = 0 },
            Units = new UnitsConfig(),
            Trials = new TrialsConfig(),
            Frames = new FramesConfig(),
            Outputs = config.Outputs with { Predictions = config.Outputs.Predictions with { Bind = "127.0.0.1", Port = 0 } },
            DecodeThread = config.DecodeThread with { Cpu = null, Priority = Engine.Threads.ThreadPriorityLevel.Normal },
        };
        decoder.Reset();
        if (decoder.Description.NeedsTrials) decoder.BeginTrial(0);
        ShowFrames(decoder);
        var lastNs = (long)(session.DurationSeconds * 1e9) / config.Ticks.HopNs * config.Ticks.HopNs;
        using var pipeline = new RigPipeline(warm, decoder, "warm-up", lastNs, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource(Limit);
        pipeline.Start();
        server.Run(stop.Token);
        while (!pipeline.Loop.Completed && pipeline.Failure is null && !stop.IsCancellationRequested) Thread.Sleep(1);
    }

    /// <summary>Some dark frames, for a model that reads them.</summary>
    private static void ShowFrames(IDecoder decoder)
    {
        const int count = 20;
        const long distanceNs = 50_000_000;
        if (decoder.Description.Frames is not { } shape) return;
        var dark = new float[shape.Pixels];
        for (var frame = 0; frame < count; frame++) decoder.TakeFrame(frame * distanceNs, dark);
    }

    private static Session MakeSession(RigConfig config, DecoderDescription decoder)
    {
        var rate = config.Sources[0].SampleRateHz;
        var seconds = Math.Max(1, 3e-9 * Math.Max(decoder.WindowNs, config.Ticks.HopNs));
        var samples = (long)(seconds * rate);
        var units = new UnitTable(decoder.Units.Units.Where(unit => unit.Stream == decoder.Units[0].Stream));
        return new Session
        {
            Name = "warm-up",
            SampleRateHz = rate,
            Units = units,
            SpikeSamples = Enumerable.Range(0, Spikes).Select(i => i * samples / Spikes).ToArray(),
            SpikeUnits = Enumerable.Range(0, Spikes).Select(i => i % units.Count).ToArray(),
            Behaviour = decoder.Outputs,
            BehaviourSamples = [0, samples / 2],
            BehaviourValues = new float[2 * decoder.Outputs.Count],
            DurationSeconds = seconds,
            Segments = [new TimeRange(0, seconds)],
            Train = [],
            Valid = [],
            Test = [],
        };
    }
}
