using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.LatencyLab.Transport;

/// <summary>Our ZMTP sockets against libzmq, blocking and spinning, in the same process and minute.</summary>
internal static class TransportLab
{
    private static readonly JsonSerializerOptions JsonLayout = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Runs all measurements and prints a markdown table. 0 when done, 2 for a command line that cannot be read.</summary>
    public static int Run(string[] args)
    {
        if (TransportLabOptions.Parse(args, out var error) is not { } options)
        {
            Console.Error.WriteLine(error);
            return 2;
        }

        List<(string Name, Func<ITransportLink> Open)> transports =
        [
            ("own, blocking", () => new OwnLink(spin: false)),
            ("own, spinning", () => new OwnLink(spin: true)),
        ];
        if (Libzmq.IsAvailable)
        {
            transports.Add(("libzmq, blocking", () => new LibzmqLink(spin: false)));
            transports.Add(("libzmq, spinning", () => new LibzmqLink(spin: true)));
        }
        else
        {
            Console.WriteLine("libzmq.so.5 is not installed: only our own transport is measured.");
        }

        var results = transports.ConvertAll(t => Measure(t.Name, t.Open, options));
        Print(results, options);
        if (options.JsonFile is not null) File.WriteAllText(options.JsonFile, ToJson(results, options));
        return 0;
    }

    private static TransportResult Measure(string name, Func<ITransportLink> open, TransportLabOptions options)
    {
        Console.Error.WriteLine($"measuring {name} ...");
        LatencySummary oneWay;
        LatencySummary roundTrip;
        double flood;
        using (var link = open()) oneWay = TransportRuns.OneWay(link, options);
        using (var there = open())
        using (var back = open()) roundTrip = TransportRuns.RoundTrip(there, back, options);
        using (var link = open()) flood = TransportRuns.Flood(link, options);
        return new TransportResult(name, oneWay, roundTrip, flood);
    }

    private static void Print(List<TransportResult> results, TransportLabOptions options)
    {
        Line($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        Line($"{options.Messages} messages of {options.Size} bytes, one each {options.IntervalUs} us, open loop");
        Line($"TCP loopback, PUB to SUB, two threads of one process; latencies in us");
        Line($"");
        Line($"| transport | path | p50 | p99 | p99.9 | max | count | lost | p50 / libzmq blocking |");
        Line($"|---|---|---|---|---|---|---|---|---|");
        var reference = results.Find(r => r.Transport == "libzmq, blocking");
        foreach (var r in results) Row(r.Transport, "one way", r.OneWay, reference?.OneWay);
        foreach (var r in results) Row(r.Transport, "round trip", r.RoundTrip, reference?.RoundTrip);
        Line($"");
        Line($"| transport | flood, thousand messages/s ({options.FloodMessages} messages) | MB/s | times libzmq blocking |");
        Line($"|---|---|---|---|");
        foreach (var r in results)
        {
            var rate = r.FloodKiloMessages;
            Line($"| {r.Transport} | {rate:f0} | {rate * options.Size / 1e3:f0} | {Ratio(rate, reference?.FloodKiloMessages)} |");
        }
    }

    private static void Row(string transport, string path, LatencySummary s, LatencySummary? reference)
    {
        var ratio = Ratio(s.P50, reference?.P50);
        Line($"| {transport} | {path} | {s.P50:f1} | {s.P99:f1} | {s.P999:f1} | {s.Max:f0} | {s.Count} | {s.Lost} | {ratio} |");
    }

    private static string Ratio(double value, double? reference) =>
        reference is { } r && double.IsFinite(value / r) ? (value / r).ToString("f2", CultureInfo.InvariantCulture) : "-";

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string ToJson(List<TransportResult> results, TransportLabOptions options) => JsonSerializer.Serialize(
        new { machine = RuntimeInformation.OSDescription, cores = Environment.ProcessorCount,
            runtime = RuntimeInformation.FrameworkDescription, options, results },
        JsonLayout);
}
