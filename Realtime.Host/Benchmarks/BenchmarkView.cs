using System.Globalization;
using Realtime.Host.Reports;
using Spectre.Console;

namespace Realtime.Host.Benchmarks;

/// <summary>Shows a model's times as a table for people.</summary>
internal static class BenchmarkView
{
    public static void Show(IAnsiConsole console, ModelBenchmarkResult result)
    {
        var table = new Table().Title(Markup.Escape($"{result.Config} ({result.Kind}, {result.Weights} weights)")).AddColumns("", "");
        table.HideHeaders();
        Row(table, "load", Text($"{result.SpikesPerS:0.#} spikes/s of {result.Units} units; {result.SpikesPerWindow:0} in a window of {result.WindowMs:0.###} ms, every {result.HopMs:0.###} ms"));
        Row(table, "computed by", Text($"{result.Threads} thread{(result.Threads == 1 ? "" : "s")}, kernels {result.Kernels}, {result.Cpu}"));
        Row(table, "p50", ReportText.Time(result.P50Us));
        Row(table, "p99", ReportText.Time(result.P99Us));
        Row(table, "p99.9", ReportText.Time(result.P999Us));
        Row(table, "fastest, slowest", $"{ReportText.Time(result.MinUs)}, {ReportText.Time(result.MaxUs)}");
        if (result is { FramedP50Us: { } framed, FramedP99Us: { } framedTail })
            Row(table, "frame worked on before: p50, p99", $"{ReportText.Time(framed)}, {ReportText.Time(framedTail)}");
        if (result is { ClosedP50Us: { } closed, ClosedP99Us: { } tail, AheadP50Us: { } ahead, LongestPieceUs: { } piece })
        {
            Row(table, "after work ahead: p50, p99", $"{ReportText.Time(closed)}, {ReportText.Time(tail)}");
            Row(table, "work ahead of a window, p50", $"{ReportText.Time(ahead)}, in pieces of up to {ReportText.Time(piece)}");
        }

        Row(table, "ticks", Text($"{result.Count:N0} after {result.WarmUpTicks:N0} to warm up"));
        Row(table, "allocated, collections", Text($"{result.AllocatedBytes:N0} bytes, {result.GcCollections}"));
        if (result.MultiplyAdds > 0)
        {
            Row(table, "multiply-adds per tick", Text($"{result.MultiplyAdds * 1e-6:0.00} million"));
            Row(table, "at the median", Text($"{result.Gflops:0.0} of {result.PeakGflops:0.0} GFLOP/s, {100 * result.ShareOfPeak:0.0} % of the peak measured beside it"));
        }

        Row(table, "resident memory", Text($"{result.ResidentBytes * 1e-6:0} MB"));
        console.Write(table);
        console.WriteLine("Timed: the decoder's call alone, one after the other. Not timed: keeping the window of spikes.");
    }

    private static void Row(Table table, string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
