using System.Collections.Immutable;
using Realtime.Engine.Answers;
using Realtime.Host.Reports;

namespace Realtime.Host.Tests.Reports;

/// <summary>Made-up runs that look like real ones: a reaching movement, a decoder with an error, some latency tail. Seeded.</summary>
internal static class SampleRun
{
    public static (RunReport Report, ReportSeries Series) Good(int ticks = 6000) => Make(ticks, trouble: false);

    public static (RunReport Report, ReportSeries Series) Troubled(int ticks = 6000) => Make(ticks, trouble: true);

    private static (RunReport Report, ReportSeries Series) Make(int ticks, bool trouble)
    {
        var random = new Random(4711);
        var time = Enumerable.Range(0, ticks).Select(tick => tick * 0.05).ToArray();
        var latency = time.Select(_ => 700 * Math.Exp(0.35 * Gauss(random)) + (random.NextDouble() < 0.01 ? 2500 * random.NextDouble()
            : 0)).ToArray();
        var status = new AnswerStatus[ticks];
        if (trouble) Degrade(random, status, latency);
        var series = new ReportSeries
        {
            TimeS = time,
            Status = status,
            TotalLatencyUs = latency,
            Outputs = Outputs(random, time, status),
            RateTimeS = time.Where((_, tick) => tick % 20 == 0).ToArray(),
            SpikesPerS = time.Where((_, tick) => tick % 20 == 0).Select(at => 1330 + 200 * Math.Sin(at / 17)
                + 60 * Gauss(random)).ToArray(),
            ConfigText = "schema_version: 1\nname: my-rig\n# <b>not markup</b>\n",
        };
        return (Report(ticks, status, latency, trouble), series);
    }

    public static RunReport Empty() => new() { RunId = "empty" };

    public static PercentilesReport Percentiles(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
        return new() { P50 = At(0.5), P99 = At(0.99), P999 = At(0.999), P9999 = At(0.9999), Max = sorted[^1], Count = sorted.Length };
    }

    private static void Degrade(Random random, AnswerStatus[] status, double[] latency)
    {
        for (var tick = status.Length / 2; tick < status.Length / 2 + status.Length / 20; tick++)
        {
            status[tick] = random.NextDouble() < 0.5 ? AnswerStatus.Late : AnswerStatus.Held;
            latency[tick] = 26000 + 40000 * random.NextDouble();
        }

        for (var tick = status.Length * 3 / 4; tick < status.Length * 3 / 4 + status.Length / 40; tick++)
            (status[tick], latency[tick]) = (AnswerStatus.NoData, double.NaN);
    }

    private static OutputSeries[] Outputs(Random random, double[] time, AnswerStatus[] status)
    {
        float[] Noisy(float[] values, double noise) =>
            values.Select((value, tick) => status[tick] == AnswerStatus.NoData ? float.NaN : (float)(value
                + noise * Gauss(random))).ToArray();
        var hand = time.Select(at => (float)(14 * Math.Sin(at * 1.7) * Math.Sin(at / 5) + 6 * Math.Sin(at * 0.61))).ToArray();
        var cosine = time.Select(at => (float)Math.Cos(at * 0.8 + Math.Sin(at / 3))).ToArray();
        var sine = time.Select(at => (float)Math.Sin(at * 0.8 + Math.Sin(at / 3))).ToArray();
        return
        [
            new() { Name = "hand_x", Unit = "cm", Decoded = Noisy(hand, 3.2), True = hand },
            new() { Name = "head_cos", Unit = "1", Decoded = Noisy(cosine, 0.2), True = cosine },
            new() { Name = "head_sin", Unit = "1", Decoded = Noisy(sine, 0.2), True = sine },
            new() { Name = "speed", Unit = "cm/s", Decoded = Noisy(hand.Select(Math.Abs).ToArray(), 2) },
        ];
    }

    private static RunReport Report(int ticks, AnswerStatus[] status, double[] latency, bool trouble)
    {
        var streams = new[]
        {
            Stream("probe-a", 300_000, trouble ? 1200 : 0),
            Stream("probe-b", 101_233, 0),
        };
        long Count(AnswerStatus wanted) => status.Count(value => value == wanted);
        var total = Percentiles(latency);
        PercentilesReport Share(double share) => Percentiles(latency.Select(value => value * share));
        return new RunReport
        {
            RunId = "2026-03-04T10-15-00Z-my-rig",
            ProgramVersion = "0.1.0",
            ConfigFile = "rig.yaml",
            StartedUtc = new DateTime(2026, 3, 4, 10, 15, 0, DateTimeKind.Utc),
            EndedUtc = new DateTime(2026, 3, 4, 10, 20, 0, DateTimeKind.Utc),
            EndReason = "duration",
            DurationS = ticks * 0.05,
            Ticks = ticks,
            HopMs = 50,
            DeadlineMs = 25,
            Answers = new()
            {
                Fresh = Count(AnswerStatus.Fresh),
                Late = Count(AnswerStatus.Late),
                Held = Count(AnswerStatus.Held),
                NoData = Count(AnswerStatus.NoData),
            },
            Streams = streams,
            Spikes = SpikesReport.Sum(streams),
            LatencyUs = new()
            {
                ArrivalToRing = Share(0.01),
                RingToClose = Share(0.2),
                Decode = Share(0.7),
                Send = Share(0.05),
                Total = total
            },
            DataAgeUs = Share(20),
            Model = new() { Name = "wiener", Hash = new string('a', 64), File = "model.safetensors" },
            Scores = Scores(("hand_x", 0.71), ("head", 0.82)),
            BaselineScores = Scores(("hand_x", 0.68), ("head", 0.8)),
            Comparison = new() { Decoder = "kalman", How = "fitted on the same 2 min, decoded offline", Scores = Scores(("hand_x", 0.69), ("head", 0.81)) },
            Machine = new()
            {
                Cpu = "Some 8-core",
                Cores = 16,
                Os = "Linux 6.1",
                Dotnet = "10.0.0",
                Timer = "Stopwatch, 1 ns",
                MemoryBytes = 32_000_000_000
            },
            Settings = ImmutableSortedDictionary<string, string>.Empty.Add("decode_wait", "spinning").Add("tiered_compilation", "off"),
            Recording = new() { Folders = ["runs/2026-03-04T10-15-00Z-my-rig/session"], Spikes = 398_700, OutsideSpikes = 67, BehaviourRows = 30_000, Frames = 1198, OutsideFrames = 2 },
            Trials = 12,
            DecoderCounts = ImmutableSortedDictionary<string, long>.Empty.Add("cut_spikes", 3),
            Frames = new() { Received = 1200, Taken = 1200 },
            Notes = ["Ticks are counted on probe-a."],
            Warnings = trouble ? ["probe-a: heartbeats were not answered for 12 s."] : [],
            RunFolder = "runs/2026-03-04T10-15-00Z-my-rig",
        };
    }

    private static StreamReport Stream(string name, long received, long ringFull) => new()
    {
        Name = name,
        Received = received,
        Decoded = received - ringFull - 1233,
        Dropped = ImmutableSortedDictionary<string, long>.Empty.Add("ring_full", ringFull).Add("unknown_unit", 1200).Add("run_ended",
            33).Add("too_late", 0),
        Messages = received + 6000,
        Connections = 1,
        UnknownUnits = ImmutableSortedDictionary<string, long>.Empty.Add("Probe-A/Electrode 7#0", 1200),
    };

    private static ImmutableSortedDictionary<string, IReadOnlyDictionary<string, double>> Scores(params (string Output,
        double R2)[] scores) =>
        scores.ToImmutableSortedDictionary(score => score.Output, score => (IReadOnlyDictionary<string, double>)new Dictionary<string,
            double>
        {
            ["r2"] = score.R2,
            ["rmse"] = 3.2,
            ["count"] = 5800,
        });

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
