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

        var books = transports.ConvertAll(_ => new Books([], [], []));
        for (var round = 1; round <= options.Rounds; round++)
        {
            for (var i = 0; i < transports.Count; i++)
            {
                Console.Error.WriteLine($"round {round} of {options.Rounds}: {transports[i].Name}");
                Measure(transports[i].Open, options, books[i]);
            }
        }

        var sent = options.Rounds * options.Messages;
        var results = transports.Select((t, i) => new TransportResult(
            t.Name,
            LatencySummary.From(books[i].OneWay, sent),
            LatencySummary.From(books[i].RoundTrip, sent),
            books[i].Flood.Order().ElementAt(options.Rounds / 2))).ToList();
        Print(results, options);
        if (options.JsonFile is not null) File.WriteAllText(options.JsonFile, ToJson(results, options));
        return 0;
    }

    private static void Measure(Func<ITransportLink> open, TransportLabOptions options, Books books)
    {
        using (var link = open()) books.OneWay.AddRange(TransportRuns.OneWay(link, options));
        using (var there = open())
        using (var back = open()) books.RoundTrip.AddRange(TransportRuns.RoundTrip(there, back, options));
        using (var link = open()) books.Flood.Add(TransportRuns.Flood(link, options));
    }

    private static void Print(List<TransportResult> results, TransportLabOptions options)
    {
        Line($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        Line($"{options.Rounds} rounds of {options.Messages} messages, {options.Size} bytes, one each {options.IntervalUs} us, open loop");
        Line($"TCP loopback, PUB to SUB, two threads of one process; latencies in us");
        Line($"");
        Line($"| transport | path | p50 | p99 | p99.9 | max | count | lost | p50 / libzmq blocking |");
        Line($"|---|---|---|---|---|---|---|---|---|");
        var reference = results.Find(r => r.Transport == "libzmq, blocking");
        foreach (var r in results) Row(r.Transport, "one way", r.OneWay, reference?.OneWay);
        foreach (var r in results) Row(r.Transport, "round trip", r.RoundTrip, reference?.RoundTrip);
        Line($"");
        Line($"| transport | flood of {options.FloodMessages}, thousand messages/s, median round | MB/s | times libzmq blocking |");
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
        new
        {
            machine = RuntimeInformation.OSDescription,
            cores = Environment.ProcessorCount,
            runtime = RuntimeInformation.FrameworkDescription,
            options,
            results
        },
        JsonLayout);

    /// <summary>What one transport gathered over the rounds: latencies in ns, flood rates in thousand messages a second.</summary>
    private sealed record Books(List<long> OneWay, List<long> RoundTrip, List<double> Flood);
}
