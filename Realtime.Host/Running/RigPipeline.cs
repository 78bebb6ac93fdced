using Microsoft.Extensions.Logging;
using Realtime.Acquisition.Frames;
using Realtime.Acquisition.OpenEphys;
using Realtime.Acquisition.Predictions;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Decoding;
using Realtime.Engine.Events;
using Realtime.Engine.Frames;
using Realtime.Engine.Ledger;
using Realtime.Engine.Rings;
using Realtime.Engine.Threads;
using Realtime.Engine.Ticks;
using Realtime.Engine.Time;
using Realtime.Host.Configuration;
using Realtime.Host.Outputs;
using Realtime.Host.Running.Recording;

namespace Realtime.Host.Running;

/// <summary>Everything between the sockets of a rig config: sources, rings, the decode thread, the output. Made, started and stopped by one thread.</summary>
public sealed class RigPipeline : IDisposable
{
    // Behaviour of a 1 kHz tracker with 4 channels for 16 s, while the recorder's disk stalls.
    private const int BehaviourRingCapacity = 65_536;

    // Answers of 40 s at 100 ticks/s, while the recorder's disk stalls.
    private const int AnswerRingCapacity = 4096;

    // Frames of a second at 30 Hz, while the decode thread is busy.
    private const int FrameRingCapacity = 32;

    private readonly WakeSignal _wake = new();
    private readonly DecodeThread _thread;
    private readonly IDecoder _decoder;
    private readonly Dictionary<string, long> _before;

    /// <param name="config">Validated config; the decoder is the one it names.</param>
    /// <param name="decoder">Used by the decode thread alone from <see cref="Start"/> to <see cref="Stop"/>.</param>
    /// <param name="runId">Names the run in every message.</param>
    /// <param name="lastNs">The last data time to answer.</param>
    /// <param name="logs">For the sockets' troubles.</param>
    /// <param name="recording">Is shown each spike that is taken; null where nothing is recorded.</param>
    /// <exception cref="UserErrorException">The config does not fit the model, or a port is taken.</exception>
    public RigPipeline(RigConfig config, IDecoder decoder, string runId, long lastNs, ILoggerFactory logs, RecordingTap? recording = null)
    {
        _decoder = decoder;
        _before = decoder.Counts.ToDictionary(count => count.Name, count => count.Count, StringComparer.Ordinal);
        Behaviour = new SpscRing<BehaviourSample>(BehaviourRingCapacity);
        Answers = new SpscRing<AnswerRecord>(AnswerRingCapacity);
        Predictions = Bind(config.Outputs.Predictions, logs);
        try
        {
            Sources = MakeSources(config, decoder.Description, recording is not null, logs);
            var clock = MonotonicClock.Instance;
            var wallOffsetNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100 - clock.NowNs;
            var description = decoder.Description;
            var writer = new PredictionMessageWriter(
                runId, description.Name, description.Hash, description.Outputs, config.Sources[0].SampleRateHz, wallOffsetNs);
            Tap = new AnswerTap(new PredictionPublisher(Predictions, writer), Answers);
            var inputs = Sources.Select(source => source.Input).ToArray();
            Frames = MakeFrames(config, description, logs);
            Loop = new DecodeLoop(LoopOptions(config, description, lastNs), decoder, inputs, Tap, clock, recording, Frames is null ? null : FrameInput);
            IWaitStrategy wait = config.DecodeThread.Wait == WaitMode.Spinning ? new SpinWaitStrategy() : new BlockWaitStrategy(_wake, config.DecodeThread.SpinNs);
            _thread = new DecodeThread(Loop, inputs, clock, wait, config.DecodeThread.Cpu, config.DecodeThread.Priority);
        }
        catch (ArgumentException problem)
        {
            Predictions.Dispose();
            throw new UserErrorException($"{config.FilePath}: {problem.Message}", ExitCode.BadConfig);
        }
    }

    public IReadOnlyList<RigSource> Sources { get; }

    /// <summary>The frames' source; null where the model reads none.</summary>
    public FrameSource? Frames { get; }

    /// <summary>Frames that have arrived and were not yet taken.</summary>
    public long FramesWaiting => FrameInput?.Ring.Count ?? 0;

    public PubSocket Predictions { get; }

    public DecodeLoop Loop { get; }

    public AnswerTap Tap { get; }

    /// <summary>Copies of the answers, for one consumer.</summary>
    public SpscRing<AnswerRecord> Answers { get; }

    /// <summary>Behaviour of the first source that has a behaviour stream, for one consumer.</summary>
    public SpscRing<BehaviourSample> Behaviour { get; }

    /// <summary>What ended the decode thread before it was stopped, or null.</summary>
    public Exception? Failure => _thread.Failure;

    /// <summary>What the decoder has counted in this pipeline.</summary>
    public IReadOnlyList<DecoderCount> DecoderCounts => [.. _decoder.Counts.Select(count => count with { Count = count.Count - _before.GetValueOrDefault(count.Name) })];

    /// <summary>What the system refused when the decode thread and the decoder's own threads were placed.</summary>
    public IReadOnlyList<string> PlacementProblems => [.. _thread.PlacementProblems, .. _decoder.PlacementProblems];

    /// <summary>The source whose behaviour is scored, or null.</summary>
    public RigSource? BehaviourSource => Sources.FirstOrDefault(source => source.Config.BehaviourStream is not null);

    public void Start()
    {
        _thread.Start();
        foreach (var source in Sources) source.Connection.Start();
        Frames?.Start();
    }

    /// <summary>Closes the sources first, then lets the decode thread finish what has arrived, then the output.</summary>
    public void Stop()
    {
        foreach (var source in Sources)
        {
            source.Heartbeat?.Dispose();
            source.Connection.Dispose();
        }

        Frames?.Dispose();
        _thread.Stop();
        Predictions.Flush(FlushMs);
    }

    public void Dispose()
    {
        Stop();
        _thread.Dispose();
        Predictions.Dispose();
        _wake.Dispose();
    }

    // How long the last messages may take to reach the subscribers.
    private const int FlushMs = 500;

    private static PubSocket Bind(PredictionsConfig config, ILoggerFactory logs)
    {
        try
        {
            var options = new ZmtpOptions { HighWaterMark = config.HighWaterMark };
            return new PubSocket(new ZmtpEndpoint(config.Bind, config.Port), options, logs.CreateLogger("predictions"));
        }
        catch (EndpointException problem)
        {
            throw new UserErrorException($"outputs.predictions: {problem.Message}", ExitCode.PortInUse);
        }
    }

    /// <summary>What the decode loop is told.</summary>
    /// <exception cref="ArgumentException">The config names an output that the decoder lacks.</exception>
    internal static DecodeLoopOptions LoopOptions(RigConfig config, DecoderDescription decoder, long lastNs) => new()
    {
        HopNs = config.Ticks.HopNs,
        WindowNs = config.Ticks.WindowNs ?? Math.Max(decoder.WindowNs, config.Ticks.HopNs),
        OriginSample = config.Ticks.OriginSample,
        LatenessNs = config.Ticks.LatenessNs,
        DeadlineNs = config.Ticks.DeadlineNs,
        MaxGapNs = config.Ticks.MaxGapNs,
        MaxWindowSpikes = config.Ticks.MaxWindowSpikes,
        HoldOnOverload = config.Ticks.HoldOnOverload,
        ReplaySpeed = config.Sources[0].ReplaySpeed,
        Limits = Limits(config, decoder),
        Trials = config.Trials.Line is { } line ? new TrialTrigger(SourceIndex(config, config.Trials.Source), line) : null,
        LastNs = lastNs,
    };

    private static int SourceIndex(RigConfig config, string? name) => name is null ? 0 : config.Sources.ToList().FindIndex(source => source.Name == name);

    private static (float Min, float Max)[]? Limits(RigConfig config, DecoderDescription decoder)
    {
        if (config.Outputs.Limits.Count == 0) return null;
        var limits = decoder.Outputs.Select(_ => (Min: float.NegativeInfinity, Max: float.PositiveInfinity)).ToArray();
        foreach (var limit in config.Outputs.Limits)
        {
            var output = Enumerable.Range(0, limits.Length).FirstOrDefault(index => decoder.Outputs[index].Name == limit.Output, -1);
            if (output < 0)
                throw new ArgumentException($"outputs.limits: the model has no output '{limit.Output}'. Its outputs: {string.Join(", ", decoder.Outputs.Select(o => o.Name))}.");
            limits[output] = ((float)limit.Min, (float)limit.Max);
        }

        return limits;
    }

    internal static UnitMapOptions MapOptions(RigConfig config) => new()
    {
        Bindings = config.Units.Bind.Select(bind => new Acquisition.OpenEphys.UnitBinding(bind.Rig, bind.Model)).ToArray(),
        MatchStream = config.Units.MatchStream,
    };

    private FrameInput? FrameInput { get; set; }

    private FrameSource? MakeFrames(RigConfig config, DecoderDescription decoder, ILoggerFactory logs)
    {
        if (decoder.Frames is not { } shape || config.Frames.Host is not { } host) return null;
        FrameInput = new FrameInput(new FrameRing(shape, FrameRingCapacity), new FrameCounters());
        return new FrameSource(new FrameSourceOptions { Host = host, Port = config.Frames.Port, Scale = (float)config.Frames.Scale, Wake = _wake }, FrameInput, logs.CreateLogger("frames"));
    }

    private RigSource[] MakeSources(RigConfig config, DecoderDescription decoder, bool forwardUnknown, ILoggerFactory logs)
    {
        var options = MapOptions(config);
        try
        {
            var hasBehaviour = false;
            return config.Sources.Select(source =>
            {
                var behaviour = !hasBehaviour && source.BehaviourStream is not null ? Behaviour : null;
                hasBehaviour |= behaviour is not null;
                return MakeSource(source, new UnitMap(decoder.Units, options), behaviour, forwardUnknown, logs);
            }).ToArray();
        }
        catch (ArgumentException problem)
        {
            throw new UserErrorException($"{config.FilePath}: units: {problem.Message}", ExitCode.BadConfig);
        }
    }

    private RigSource MakeSource(SourceConfig config, UnitMap units, SpscRing<BehaviourSample>? behaviour, bool forwardUnknown, ILoggerFactory logs)
    {
        var log = logs.CreateLogger(config.Name);
        var input = new StreamInput(config.Name, new SpscRing<SpikeEvent>(config.RingCapacity), new StreamLedger(config.Name), config.SampleRateHz);
        var options = new OpenEphysOptions
        {
            Host = config.Host,
            Port = config.DataPort,
            Stream = config.Stream,
            BehaviourStream = config.BehaviourStream,
            WatermarkSlackSamples = config.WatermarkSlackSamples,
            EventWatermarkSlackSamples = config.EventWatermarkSlackNs is { } ns ? (int)Math.Ceiling(ns * 1e-9 * config.SampleRateHz) : null,
            ForwardUnknown = forwardUnknown,
            Spin = config.Receive == WaitMode.Spinning,
            Wake = _wake,
            WaitForRoom = config.ReplaySpeed == 0,
            OnThreadStart = () =>
            {
                foreach (var problem in ThreadPlacement.Apply(config.Cpu, ThreadPriorityLevel.Normal)) log.LogWarning("{Problem}", problem);
            },
        };
        var heartbeat = config.EffectiveHeartbeatPort is { } port ? new HeartbeatClient(new ZmtpEndpoint(config.Host, port), logger: log) : null;
        return new RigSource(config, input, new OpenEphysSource(options, units, input.Ring, input.Ledger, behaviour, log), heartbeat);
    }
}
