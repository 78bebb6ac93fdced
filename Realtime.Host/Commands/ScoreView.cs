using System.Globalization;
using Realtime.Host.Running;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary>Shows scores as a table, the constant predictor beside the model.</summary>
internal static class ScoreView
{
    // The report has them all.
    private static readonly string[] Shown = ["r2", "rmse", "mean_r2", "pairs", "median_abs_error_deg", "mean_abs_error_deg", "median_error", "mean_error"];

    public static void Show(IAnsiConsole console, string title, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> scores)
    {
        var (model, constant) = ScoreTables.Split(scores);
        Show(console, title, model, constant);
    }

    public static void Show(
        IAnsiConsole console,
        string title,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> model,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> constant)
    {
        var table = new Table().Title(Markup.Escape(title)).AddColumns("target", "metric", "model", "training mean");
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        foreach (var (target, metrics) in model)
        {
            foreach (var (metric, value) in metrics.Where(metric => Shown.Contains(metric.Key)))
            {
                var beside = constant.TryGetValue(target, out var row) && row.TryGetValue(metric, out var other) ? Number(other) : "";
                table.AddRow(Markup.Escape(target), Markup.Escape(metric), Number(value), beside);
            }
        }

        console.Write(table);
    }

    private static string Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e9
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
