using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Decoding;
using Realtime.Engine.Latency;
using Realtime.Engine.Sessions;
using Realtime.Host.Configuration;
using Realtime.Host.Demo;
using Realtime.Host.Running;

namespace Realtime.LatencyLab.Pipeline;

/// <summary>
/// What the pipeline adds to a model: a second process replays random spikes over loopback ZeroMQ at speed 1, a decoder that does nothing answers each tick.
/// </summary>
internal static class PipelineLab
{
    private const int Units = 384;
    private const double Rate = 30_000;
    private const long WindowNs = 100_000_000;

    /// <summary>Arguments: [--spikes-per-s N] [--seconds N] [--hop-ms N] [--receive spinning|blocking] [--decode spinning|blocking]
    /// [--receive-cpu N] [--decode-cpu N] [--replay-cpu N].</summary>
    public static int Run(string[] args)
    {
        var perSecond = LabArguments.Long(args, "--spikes-per-s", 20_000);
        var seconds = LabArguments.Long(args, "--seconds", 60);
        var hopMs = LabArguments.Long(args, "--hop-ms", 10);
        var receive = Mode(LabArguments.Text(args, "--receive", "spinning"));
        var decode = Mode(LabArguments.Text(args, "--decode", "spinning"));
        var folder = Path.Combine(Path.GetTempPath(), $"pipeline-lab-{Environment.ProcessId}");
        try
        {
            SessionWriter.Write(RandomSession(perSecond, seconds), folder);
            using var replay = ReplayProcess.Start(folder, new TimeRange(0, seconds), 1);
            if (Cpu(args, "--replay-cpu") is { } core && (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())) replay.Process.ProcessorAffinity = 1 << core;
            var config = new RigConfig
            {
                Name = "lab",
                Sources = [new SourceConfig { Name = "replay", DataPort = replay.DataPort, HeartbeatPort = replay.HeartbeatPort, Receive = receive, Cpu = Cpu(args, "--receive-cpu") }],
                Ticks = new TicksConfig { HopMs = hopMs },
                Outputs = new OutputsConfig { Predictions = new PredictionsConfig { Port = FreePort.Find() } },
                DecodeThread = new DecodeThreadConfig { Wait = decode, Cpu = Cpu(args, "--decode-cpu") },
            };
            var decoder = new ConstantDecoder(UnitTable.Numbered(Units), WindowNs);
            PipelineWarmUp.Run(config, decoder);
            using var pipeline = new RigPipeline(config, decoder, "lab", seconds * 1_000_000_000, NullLoggerFactory.Instance);
            pipeline.Start();
            while (!pipeline.Loop.Completed && pipeline.Failure is null) Thread.Sleep(50);
            pipeline.Stop();
            Print(pipeline, $"{perSecond:N0} spikes/s, {seconds} s, hop {hopMs} ms, receive {Word(receive)}, decode {Word(decode)}");
            return 0;
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private static string Word(WaitMode mode) => mode.ToString().ToLowerInvariant();

    private static int? Cpu(string[] args, string name) => LabArguments.Has(args, name) ? (int)LabArguments.Long(args, name, 0) : null;

    private static WaitMode Mode(string text) => text == "spinning" ? WaitMode.Spinning : WaitMode.Blocking;

    private static void Print(RigPipeline pipeline, string title)
    {
        Console.WriteLine(title);
        Console.WriteLine("| stage, us | p50 | p99 | p99.9 | max | count |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Row("arrival to ring", pipeline.Sources[0].Connection.ReceiveLatency);
        Row("closing message to tick closed", pipeline.Loop.Latencies.Close);
        Row("message made and handed to the socket", pipeline.Loop.Latencies.Send);
        Row("closing message to sent", pipeline.Loop.Latencies.Total);
        Row("last spike's last byte to sent", pipeline.Loop.Latencies.LastSpike);
        var counters = pipeline.Loop.Counters;
        var ledger = pipeline.Sources[0].Input.Ledger;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{counters.Ticks} ticks, {counters.Missed} missed; {ledger.Received} spikes received, {ledger.Decoded} decoded, {ledger.LostUpstream} messages lost; {counters.GcCollections} collections, {counters.AllocatedBytes} bytes allocated by the decode thread.\n"));
    }

    private static void Row(string name, LatencyHistogram histogram) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {histogram.PercentileNs(0.5) * 1e-3:0.0} | {histogram.PercentileNs(0.99) * 1e-3:0.0} | {histogram.PercentileNs(0.999) * 1e-3:0.0} | {histogram.MaxNs * 1e-3:0.0} | {histogram.Count} |"));

    private static Session RandomSession(long perSecond, long seconds)
    {
        var random = new Random(1);
        var samples = new long[perSecond * seconds];
        for (var i = 0; i < samples.Length; i++) samples[i] = random.NextInt64((long)(seconds * Rate));
        Array.Sort(samples);
        return new Session
        {
            Name = "random spikes",
            SampleRateHz = Rate,
            Units = UnitTable.Numbered(Units),
            SpikeSamples = samples,
            SpikeUnits = samples.Select(_ => random.Next(Units)).ToArray(),
            Behaviour = [new OutputChannel("nothing", "1")],
            BehaviourSamples = [0, (long)Rate],
            BehaviourValues = [0, 0],
            DurationSeconds = seconds,
            Segments = [new TimeRange(0, seconds)],
            Train = [new TimeRange(0, seconds * 0.6)],
            Valid = [new TimeRange(seconds * 0.6, seconds * 0.8)],
            Test = [new TimeRange(seconds * 0.8, seconds)],
        };
    }
}
